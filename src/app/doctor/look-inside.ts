/** The inspection from inside, over ssh or on this machine; or the reason why there is none. */
import { SECOND_MS, TetherdockError } from "../../base/index.ts";
import { type Inside, insideScript, parseInside } from "../../doctor/index.ts";
import type { HostShell } from "../../facts/index.ts";
import { look } from "../host/index.ts";
import type { VisitPorts } from "./ports.ts";
import type { Target } from "./target.ts";

/** What was seen, or why nothing was seen. */
export type InsideLook =
  | { readonly inside: Inside; readonly missing: null }
  | { readonly inside: null; readonly missing: string };

const TIMEOUT_MS = 60 * SECOND_MS;

type Ports = Pick<VisitPorts, "open" | "random">;

async function inspect({ random }: Ports, shell: HostShell): Promise<Inside> {
  const facts = await look(random, shell);
  const marker = `inside-${random.uuid()}`;
  const { stdout } = await shell.run(insideScript(facts, marker), TIMEOUT_MS);
  return parseInside(stdout, marker, facts);
}

async function lookThrough(ports: Ports, way: string | null): Promise<Inside> {
  const { shell } = await ports.open(way);
  try {
    return await inspect(ports, shell);
  } finally {
    await shell.close();
  }
}

function reasonOf({ message, why }: TetherdockError): string {
  return [`not inspected from inside: ${message}`, ...why.slice(0, 1)].join(": ");
}

/**
 * Looks, without changing anything.
 * @param ssh true: failing is an error; false: not at all; undefined: failing is told by the checks that it skips
 * @throws INTERRUPTED; with `ssh` all that opening a shell throws; USAGE when there is no way in
 */
export async function lookInside(
  ports: Ports,
  { name, way }: Target,
  ssh: boolean | undefined,
): Promise<InsideLook> {
  if (ssh === false) return { inside: null, missing: "not inspected from inside: --no-ssh" };
  if (way === undefined) {
    if (!ssh) return { inside: null, missing: "not inspected from inside: only an address is known" };
    throw new TetherdockError("USAGE", `no ssh destination is known for ${name}`, {
      hints: ["tetherdock doctor user@host"],
    });
  }
  try {
    return { inside: await lookThrough(ports, way), missing: null };
  } catch (error) {
    if (ssh || !(error instanceof TetherdockError) || error.code === "INTERRUPTED") throw error;
    return { inside: null, missing: reasonOf(error) };
  }
}

/** Revokes one client, restores it, or removes it from the list; other clients are not affected. */
import { shellJoin, TetherdockError } from "../../base/index.ts";
import type { GatewayCall } from "../../gateway/index.ts";
import { applyChange, type Change, type Client, removeClient } from "../../identity/index.ts";
import type { Line } from "../../line/index.ts";
import { ADMIN_ROLE } from "../../policy/index.ts";
import { askClients, callLine, type Receipt, readChanged } from "../gateway-api/index.ts";
import { lineOption, pickLine } from "../lines/index.ts";
import { requireKnown } from "./list-clients.ts";
import type { ClientsPorts } from "./ports.ts";

/** A revoked client stays on the list, so that its key cannot be added again unnoticed. */
export type ClientChange = "revoke" | "restore" | "remove";

const VERBS = { revoke: "revoke", restore: "restore", remove: "rm" } as const;

/** What to do first. */
function anotherAdmin(line: string | undefined): string {
  const invite = ["tetherdock", "client", "invite", "NAME", "--role", ADMIN_ROLE];
  return `${shellJoin([...invite, ...lineOption(line)])}   # first, another admin`;
}

/** Why a single client cannot be changed where dockerd itself listens, and what to do instead. */
function nativeMode({ name: line, target }: Line, verb: string, name: string, cause: TetherdockError) {
  const client = (word: string) => shellJoin(["tetherdock", "client", word, name, "--line", line]);
  const newCa = `${client("revoke")}   # a new CA: one restart, and new certificates for the others`;
  const instead: Readonly<Record<string, string>> = {
    restore: `${client("invite")}   # only a new certificate lets them in again`,
    rm: newCa,
    expires: newCa,
  };
  const other = instead[verb];
  return new TetherdockError(cause.code, `the line ${line} has no gateway, and so no client list`, {
    why: ["in native mode dockerd admits every certificate of the line's CA until it expires"],
    hints: [
      `${shellJoin(["tetherdock", "up", target ?? "--local", "--gateway"])}   # from then on, only clients on the list get in`,
      ...(other === undefined ? [] : [other]),
    ],
    cause,
  });
}

/** @throws CLIENT_UNKNOWN; GATEWAY_REFUSED, which says what to do instead in native mode */
export async function knownClients(
  ports: ClientsPorts,
  verb: string,
  line: string | undefined,
  name: string,
  ...more: readonly string[]
) {
  try {
    return await requireKnown(ports, verb, line, name, ...more);
  } catch (error) {
    if (!(error instanceof TetherdockError) || error.code !== "GATEWAY_REFUSED") throw error;
    const picked = await ports.lines.read(await pickLine(ports, line));
    throw picked.mode === "native" ? nativeMode(picked, verb, name, error) : error;
  }
}

/** Whether the gateway has just ended the access that this machine had: it listed the clients for us a moment ago. */
async function refusesUs(ports: ClientsPorts, line: string | undefined): Promise<boolean> {
  try {
    await askClients(ports, line);
    return false;
  } catch (error) {
    return error instanceof TetherdockError && error.code === "GATEWAY_REFUSED";
  }
}

function ownClient(change: ClientChange, line: string | undefined, name: string): TetherdockError {
  const back = change === "remove" ? ["invite", name, "--role", ADMIN_ROLE] : ["restore", name];
  return new TetherdockError("CLIENT_REVOKED", `${name} was this machine's own access, which has ended`, {
    hints: [`${shellJoin(["tetherdock", "client", ...back, ...lineOption(line)])}   # by another admin`],
  });
}

/** A change to one client, and what its errors are about. */
export interface ClientCall {
  readonly call: Pick<GatewayCall, "method" | "path" | "body">;
  /** Whether no active admin is left after it: then this is why the gateway refuses. null: it ends nobody's access. */
  readonly ends: Change | null;
  /** The error if it was this machine's own access as an admin. */
  ours(): TetherdockError;
}

/**
 * @param clients as the gateway listed them before
 * @returns which connections it cut; null: the gateway is older than receipts
 */
export async function callChange(
  ports: ClientsPorts,
  line: string | undefined,
  clients: readonly Client[],
  { call, ends, ours }: ClientCall,
): Promise<Receipt | null> {
  try {
    return (await callLine(ports, line, call, readChanged)).receipt;
  } catch (error) {
    if (!(error instanceof TetherdockError) || ends === null) throw error;
    // The gateway closes our connections too, and cannot answer.
    if (error.code === "GATEWAY_UNREACHABLE" && (await refusesUs(ports, line))) throw ours();
    const result = applyChange(ends, clients, ports.clock());
    const isLast = "refused" in result && result.refused === "last-admin";
    if (error.code !== "GATEWAY_REFUSED" || !isLast) throw error;
    throw error.with({ why: [], hints: [anotherAdmin(line)] });
  }
}

/**
 * @param line as typed; undefined: the one that is meant when none is named
 * @returns which connections it cut; null: the gateway is older than receipts
 * @throws CLIENT_UNKNOWN; CLIENT_REVOKED when it was our own; GATEWAY_REFUSED when it is the last admin; GATEWAY_UNREACHABLE
 */
export async function changeClient(
  ports: ClientsPorts,
  change: ClientChange,
  line: string | undefined,
  name: string,
): Promise<Receipt | null> {
  const { clients } = await knownClients(ports, VERBS[change], line, name);
  const path = `clients/${encodeURIComponent(name)}`;
  return callChange(ports, line, clients, {
    call: change === "remove" ? { method: "DELETE", path } : { method: "POST", path: `${path}/${change}` },
    // A revoked admin is as little of an admin as a removed one.
    ends: change === "restore" ? null : removeClient(name),
    ours: () => ownClient(change, line, name),
  });
}

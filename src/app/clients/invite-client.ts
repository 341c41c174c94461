/** Invites another person or machine: a token that works once, for a short time, with which they join on their own. */
import { DAY_MS, shellJoin, TetherdockError } from "../../base/index.ts";
import {
  type Client,
  formatToken,
  proofKey,
  SECRET_BYTES,
  secretHash,
  shownSecret,
  WAIT_MS,
} from "../../identity/index.ts";
import { readCertificate } from "../../pki/index.ts";
import { formatRecord, requireApprover } from "../approve/index.ts";
import { callLine, type MadeInvitation, readInvitation } from "../gateway-api/index.ts";
import { pickLine } from "../lines/index.ts";
import { requireNew, requireRole } from "./add-client.ts";
import type { InvitePorts } from "./ports.ts";

/** What is asked for. */
export interface NewInvitation {
  /** As typed; undefined: the one that is meant when none is named. */
  readonly line: string | undefined;
  readonly name: string;
  readonly role: Client["role"];
  /** Milliseconds from now until access ends; undefined: with the certificate. */
  readonly expiresIn: number | undefined;
  /** Milliseconds for which the token works. */
  readonly forMs: number;
  /** Whether this machine approves the key before it gets in: then the host needs no CA. */
  readonly approve: boolean;
}

export interface Invited extends MadeInvitation {
  /** A secret: shown once, and stored nowhere. */
  readonly token: string;
  /** Whether an earlier invitation of this name was open: its token no longer works. */
  readonly replaced: boolean;
}

function checkTime({ name, forMs }: NewInvitation): void {
  if (forMs <= DAY_MS) return;
  throw new TetherdockError("USAGE", "an invitation lasts at most 24h (--for)", {
    why: ["whoever finds the token until then can use it"],
    hints: [shellJoin(["tetherdock", "client", "invite", name, "--for", "24h"])],
  });
}

/**
 * Keeps what this machine has to know when it approves, before anybody can ask.
 * @returns restores what was kept for an earlier invitation of this name, which is still in force
 */
async function keepRecord(
  { records, clock }: InvitePorts,
  line: string,
  { name, role, forMs }: NewInvitation,
  secret: Buffer,
  expires: string | null,
): Promise<() => Promise<void>> {
  const before = await records.read(line, name);
  const until = new Date(clock() + forMs + WAIT_MS).toISOString();
  const record = { name, role, expires, proofKey: proofKey(secret).toString("hex"), until };
  await records.write(line, name, formatRecord(record));
  return () => records.write(line, name, before);
}

/**
 * The gateway gets only the hash of the token's secret, or of what is derived from it.
 * @throws USAGE, CLIENT_EXISTS, ROLE_UNKNOWN, GATEWAY_UNREACHABLE, GATEWAY_REFUSED, LINE_…
 */
export async function inviteClient(ports: InvitePorts, wanted: NewInvitation): Promise<Invited> {
  checkTime(wanted);
  const line = await ports.lines.read(await pickLine(ports, wanted.line));
  const { name, role, expiresIn, forMs, approve } = wanted;
  if (approve) requireApprover(line, ["tetherdock", "client", "invite", name, "--approve"]);
  const { isInvited: replaced } = await requireNew(ports, line.name, wanted);
  await requireRole(ports, line.name, role, (near, on) => [
    ...["tetherdock", "client", "invite", name, ...(approve ? ["--approve"] : [])],
    ...["--role", near, "--line", on],
  ]);
  const { publicKeyFingerprint: caFingerprint } = readCertificate(
    await ports.lines.readFile(line.name, "docker/ca.pem"),
  );
  const secret = Buffer.from(ports.random.hex(SECRET_BYTES), "hex");
  const { address, port } = line;
  const token = formatToken({ approval: approve, secret, caFingerprint, address, port, line: line.name });
  const expires = expiresIn === undefined ? null : new Date(ports.clock() + expiresIn).toISOString();
  const path = `invitations/${encodeURIComponent(name)}`;
  const hash = secretHash(approve ? shownSecret(secret) : secret);
  // A gateway from before approvals does not know the word, and refuses it.
  const body = { hash, role, expires, forMs, ...(approve && { approve }) };
  const restore = approve ? await keepRecord(ports, line.name, wanted, secret, expires) : async () => {};
  try {
    const made = await callLine(ports, line.name, { method: "PUT", path, body }, readInvitation);
    return { ...made, token, replaced };
  } catch (error) {
    if (error instanceof TetherdockError && error.code === "GATEWAY_REFUSED") await restore();
    throw error;
  }
}

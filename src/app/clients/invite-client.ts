/** Invites another person or machine: a token that works once, for a short time, with which they join on their own. */
import { DAY_MS, shellJoin, TetherdockError } from "../../base/index.ts";
import type { OpenInvitation } from "../../gateway/index.ts";
import { type Client, formatToken, SECRET_BYTES, secretHash } from "../../identity/index.ts";
import { readCertificate } from "../../pki/index.ts";
import { callLine, readInvitation } from "../gateway-api/index.ts";
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
}

export interface Invited extends OpenInvitation {
  /** A secret: shown once, and stored nowhere. */
  readonly token: string;
}

function checkTime({ name, forMs }: NewInvitation): void {
  if (forMs <= DAY_MS) return;
  throw new TetherdockError("USAGE", "an invitation lasts at most 24h (--for)", {
    why: ["whoever finds the token until then can use it"],
    hints: [shellJoin(["tetherdock", "client", "invite", name, "--for", "24h"])],
  });
}

/**
 * The gateway gets only the hash of the token's secret.
 * @throws USAGE, CLIENT_EXISTS, ROLE_UNKNOWN, GATEWAY_UNREACHABLE, GATEWAY_REFUSED, LINE_…
 */
export async function inviteClient(ports: InvitePorts, wanted: NewInvitation): Promise<Invited> {
  checkTime(wanted);
  const line = await ports.lines.read(await pickLine(ports, wanted.line));
  await requireNew(ports, line.name, wanted);
  await requireRole(ports, line.name, wanted.role, (role, name) => [
    ...["tetherdock", "client", "invite", wanted.name, "--role", role, "--line", name],
  ]);
  const { fingerprint: caFingerprint } = readCertificate(
    await ports.lines.readFile(line.name, "docker/ca.pem"),
  );
  const secret = Buffer.from(ports.random.hex(SECRET_BYTES), "hex");
  const { address, port } = line;
  const token = formatToken({ secret, caFingerprint, address, port, line: line.name });
  const { name, role, expiresIn, forMs } = wanted;
  const expires = expiresIn === undefined ? null : new Date(ports.clock() + expiresIn).toISOString();
  const path = `invitations/${encodeURIComponent(name)}`;
  const body = { hash: secretHash(secret), role, expires, forMs };
  return { ...(await callLine(ports, line.name, { method: "PUT", path, body }, readInvitation)), token };
}

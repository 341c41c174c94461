/**
 * Joining a native engine: there is no gateway that could keep a request or let anybody in, so people carry the request and
 * the certificate. Whoever has a certificate of the line's CA is root on the host, and none can be revoked singly.
 */
import { shellJoin, TetherdockError } from "../../base/index.ts";
import { formatNativeToken } from "../../identity/index.ts";
import type { Line } from "../../line/index.ts";
import { keyFingerprint, readCertificate, readSigningRequest } from "../../pki/index.ts";
import { pickLine, type SelectionPorts } from "../lines/index.ts";
import { formatApproval, requireReplaceable } from "./approval-record.ts";
import type { InvitationRecords } from "./ports.ts";
import { requireApprover, type SignPorts, signClient } from "./sign-client.ts";

/** What a native engine cannot do, as typed: an option, and what it would have been for. */
export interface Unsupported {
  readonly option: string;
  readonly why: string;
}

export interface NativeInvitation {
  readonly name: string;
  readonly line: string;
  /** No secret. */
  readonly token: string;
}

function withGateway({ target }: Line): string {
  return `${shellJoin(["tetherdock", "up", target ?? "--local", "--gateway"])}   # first`;
}

/** @throws USAGE */
function requireSupported(line: Line, unsupported: readonly Unsupported[]): void {
  const [first] = unsupported;
  if (first === undefined) return;
  throw new TetherdockError("USAGE", `${first.option} needs a gateway, and the line ${line.name} has none`, {
    why: unsupported.map(({ option, why }) => `${option}: ${why}`),
    hints: [withGateway(line)],
  });
}

/**
 * @param typed options that were given
 * @returns null: the line has a gateway
 * @throws USAGE, LINE_…
 */
export async function inviteToNative(
  ports: SelectionPorts & Pick<SignPorts, "lines">,
  wanted: { readonly line: string | undefined; readonly name: string },
  typed: readonly Unsupported[],
): Promise<NativeInvitation | null> {
  const line = await ports.lines.read(await pickLine(ports, wanted.line));
  if (line.mode !== "native") return null;
  requireApprover(line, ["tetherdock", "client", "invite", wanted.name]);
  requireSupported(line, typed);
  const { publicKeyFingerprint: caFingerprint } = readCertificate(
    await ports.lines.readFile(line.name, "docker/ca.pem"),
  );
  const { address, port } = line;
  const token = formatNativeToken({ caFingerprint, address, port, line: line.name });
  return { name: wanted.name, line: line.name, token };
}

/** What the operator decides on. */
export interface NativeRequest {
  readonly name: string;
  readonly line: string;
  /** End of the certificate, ISO 8601; null: 397 days. */
  readonly expires: string | null;
  /** SHA-256 of the public key, hex. */
  readonly fingerprint: string;
}

export interface NativeApprovePorts extends SignPorts, Pick<SelectionPorts, "env"> {
  /** Whoever is in it gets a new certificate when the line's CA is replaced. */
  readonly approvals: Pick<InvitationRecords, "read" | "write">;
  /** @returns whether the operator agrees @throws PROMPT_IMPOSSIBLE, INTERRUPTED */
  agrees(request: NativeRequest): Promise<boolean>;
}

export interface NativeWanted {
  readonly line: string | undefined;
  readonly name: string;
  /** PEM, from another machine. */
  readonly request: string;
  /** Milliseconds from now. */
  readonly expiresIn: number | undefined;
  readonly fingerprint: string | undefined;
  readonly yes: boolean;
}

export interface NativeApproved extends NativeRequest {
  /** PEM. */
  readonly certificate: string;
  readonly ca: string;
}

function requireNative({ mode, name: line }: Line, name: string): void {
  if (mode === "native") return;
  throw new TetherdockError(
    "USAGE",
    `the gateway of ${line} has the request: --request is for native lines`,
    {
      hints: [
        shellJoin(["tetherdock", "client", "approve", name, "--line", line]),
        `${shellJoin(["tetherdock", "client", "add", name, "--public-key", "FILE"])}   # for a public key in a file`,
      ],
    },
  );
}

function requireSame(fingerprint: string, { fingerprint: wanted }: NativeWanted): void {
  if (wanted === undefined || wanted === fingerprint) return;
  throw new TetherdockError("APPROVE_REFUSED", "the request is for another key", {
    why: [`its fingerprint is ${fingerprint}`],
    hints: ["ask whoever made the request which fingerprint tetherdock join has printed"],
  });
}

/**
 * @returns null: the operator does not agree
 * @throws USAGE, REQUEST_UNUSABLE, APPROVE_REFUSED, STATE_NEWER, KEY_…, CA_…, LINE_…, PROMPT_IMPOSSIBLE
 */
export async function approveNative(
  ports: NativeApprovePorts,
  wanted: NativeWanted,
): Promise<NativeApproved | null> {
  const { name, expiresIn } = wanted;
  const line = await ports.lines.read(await pickLine(ports, wanted.line));
  requireNative(line, name);
  requireApprover(line, ["tetherdock", "client", "approve", name, "--request", "FILE"]);
  await requireReplaceable(ports.approvals, line.name, name);
  const publicKey = await readSigningRequest(wanted.request);
  const fingerprint = keyFingerprint(publicKey);
  requireSame(fingerprint, wanted);
  const expires = expiresIn === undefined ? null : new Date(ports.clock() + expiresIn).toISOString();
  const request = { name, line: line.name, expires, fingerprint };
  const isDecided = wanted.yes || wanted.fingerprint !== undefined;
  if (!isDecided && !(await ports.agrees(request))) return null;
  // To the second: nothing but the certificate's end shuts the client out.
  const until = expires === null ? null : Date.parse(expires);
  const signed = await signClient(ports, line.name, { publicKey, name, until });
  await ports.approvals.write(line.name, name, formatApproval({ name, expires, publicKey }));
  return { ...request, ...signed };
}

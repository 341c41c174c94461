/** A renewal by the gateway, and what of its answer is taken. */
import { quoteForeign, shellJoin, TetherdockError } from "../../base/index.ts";
import { formatEndpoint } from "../../engine/index.ts";
import type { RenewAnswer } from "../../gateway/index.ts";
import { type Line, lineEndpoint } from "../../line/index.ts";
import { canonicalPem, followBundle, isClientCertificateFor, offeredKey } from "../../pki/index.ts";
import { claimRequest } from "./pending-request.ts";
import type { RenewPorts } from "./ports.ts";

/** Of a line, PEM. */
export interface Files {
  readonly ca: string;
  readonly certificate: string;
  readonly key: string;
  /** undefined: this machine does not have it. */
  readonly caKey: string | undefined;
}

/** What a renewal brings. */
export interface Issued {
  /** Of the gateway's count; null: not renewed by a gateway. */
  readonly generation: number | null;
  readonly recoveriesLeft: number | null;
  readonly certificate: string;
  /** The line's new `ca.pem`; null: the line has the newest. */
  readonly ca: string | null;
  /** SHA-256 of the key of the CA that the gateway offers as the line's next; null: none. */
  readonly offered: string | null;
}

type Refused = Extract<RenewAnswer, { readonly refused: string }>;

function wayOn(line: string, { retry, isOfFleet }: Refused): string {
  const renew = (...more: readonly string[]) => shellJoin(["tetherdock", "renew", line, ...more]);
  if (isOfFleet) return `${renew("--certificate", "FILE")}   # the file that the fleet's operator sends you`;
  return retry ? renew() : "ask an admin of the gateway, who sees more with: tetherdock client show NAME";
}

function refused({ name, address, port }: Line, answer: Refused) {
  const where = formatEndpoint(lineEndpoint({ address, port }));
  return new TetherdockError("RENEW_REFUSED", `the gateway at ${where} does not renew the certificate`, {
    why: [quoteForeign(answer.refused)],
    hints: [wayOn(name, answer)],
  });
}

/**
 * The gateway is verified, but a certificate that does not fit the key would make a line that fails. A CA is taken only if
 * the CA that the line trusts has signed it: a gateway that was taken over has none of its own to give.
 */
function checked(
  answer: Exclude<RenewAnswer, { refused: string }>,
  { ca, key }: Files,
  line: Line,
  now: number,
): Issued {
  const { certificate, generation, recoveriesLeft } = answer;
  const sent = answer.ca ?? "";
  const cas = { ca: followBundle(sent, ca, now), offered: offeredKey(sent) };
  if (isClientCertificateFor(certificate, key))
    return { certificate: canonicalPem(certificate), generation, recoveriesLeft, ...cas };
  throw refused(line, { refused: "it sent a certificate that is not for this machine", retry: false });
}

/** @returns null: meanwhile another process has renewed it @throws GATEWAY_UNREACHABLE, RENEW_REFUSED, FILE_FAILED */
export async function askGateway(
  ports: RenewPorts,
  line: Line,
  files: Files,
  lifeMs: number | null,
): Promise<(Issued & { readonly text: string }) | null> {
  const claimed = await claimRequest(ports, line.name, files.certificate);
  if (claimed === null) return null;
  const { request, text } = claimed;
  const answer = await ports.ask(line.name, lineEndpoint(line), files, { request, lifeMs });
  if ("refused" in answer) {
    if (!answer.retry) await ports.pending.drop(line.name, text);
    throw refused(line, answer);
  }
  return { ...checked(answer, files, line, ports.clock()), text };
}

/** A certificate that is good for longer than wanted stays if the gateway does not sign: it is not due. */
export async function shortened(ports: RenewPorts, line: Line, files: Files, lifeMs: number | null) {
  try {
    return await askGateway(ports, line, files, lifeMs);
  } catch (error) {
    if (error instanceof TetherdockError && error.code === "RENEW_REFUSED") return null;
    throw error;
  }
}

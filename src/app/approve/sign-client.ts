/** Signs a client's certificate with the CA key of a line, on the machine that has it. */
import { shellJoin } from "../../base/index.ts";
import type { Line, LineStore } from "../../line/index.ts";
import { canonicalPem, issueClient } from "../../pki/index.ts";
import { openLineCa, requireCaKey } from "../lines/index.ts";

export interface SignPorts {
  readonly lines: LineStore;
  readonly clock: () => number;
  /** Of the CA key of a line. @throws PROMPT_IMPOSSIBLE, INTERRUPTED */
  passphrase(line: string): Promise<string>;
}

export interface ToSign {
  readonly publicKey: string;
  readonly name: string;
  /** Latest end of the certificate, milliseconds since the epoch; null: the usual life of one. */
  readonly until: number | null;
}

/** @param words of the command, to be typed on the other machine @throws LINE_JOINED */
export const requireApprover = (line: Line, words: readonly string[]): void =>
  requireCaKey(line, "can approve", `${shellJoin(words)}   # there`);

/** @returns the certificate and the CA's, PEM @throws CA_…, KEY_…, LINE_BROKEN, PROMPT_IMPOSSIBLE */
export async function signClient(
  ports: SignPorts,
  line: string,
  { publicKey, name, until }: ToSign,
): Promise<{ readonly certificate: string; readonly ca: string }> {
  const [ca, caKey] = await Promise.all([
    ports.lines.readFile(line, "docker/ca.pem"),
    ports.lines.readFile(line, "ca/ca-key.pem"),
  ]);
  const authority = await openLineCa(ports, line, ca, caKey);
  const certificate = await issueClient(authority, {
    ...{ publicKey, commonName: name, now: ports.clock() },
    ...(until !== null && { until }),
  });
  // Of several, while one replaces another, the one that has signed.
  return { certificate, ca: canonicalPem(ca) };
}

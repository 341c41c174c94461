/** What an agent holds of a line in memory: where its engine is, and the key. */
import { createSecureContext, type SecureContext } from "node:tls";
import { TetherdockError } from "../../base/index.ts";
import type { Endpoint } from "../../engine/index.ts";
import { type LineStore, lineEndpoint } from "../../line/index.ts";

export interface Access {
  readonly endpoint: Endpoint;
  readonly context: SecureContext;
}

/** @throws LINE_UNKNOWN, LINE_BROKEN, FILE_FAILED, CREDENTIAL_UNUSABLE */
export async function readAccess(lines: LineStore, name: string): Promise<Access> {
  const line = await lines.read(name);
  const [ca, cert, key] = await Promise.all([
    lines.readFile(name, "docker/ca.pem"),
    lines.readFile(name, "docker/cert.pem"),
    lines.readFile(name, "docker/key.pem"),
  ]);
  try {
    return {
      endpoint: lineEndpoint(line),
      context: createSecureContext({ ca, cert, key, minVersion: "TLSv1.2" }),
    };
  } catch (cause) {
    throw new TetherdockError(
      "CREDENTIAL_UNUSABLE",
      `the key or certificate of the line ${name} cannot be used`,
      {
        why: [(cause as Error).message],
        hints: [`tetherdock status ${name}`],
        cause,
      },
    );
  }
}

/** The variables that point Docker clients at a line, for `env` and `run`. */
import { dockerEnvironment, type LineStore, socketEnvironment } from "../../line/index.ts";
import { expiryWarning } from "./expiry.ts";

const CERTIFICATES = ["docker/cert.pem", "docker/ca.pem"] as const;

export interface LineEnvironment {
  readonly variables: Record<string, string>;
  /** One line of text, if the line's certificate expires soon or has expired. */
  readonly warning: string | undefined;
}

/**
 * @param name a line of this machine
 * @param now milliseconds since the epoch
 * @param byAgent whether clients connect to the line's agent on this machine, instead of its host; they must, if the
 *   key is encrypted
 * @throws LINE_UNKNOWN; AGENT_NOT_RUNNING; LINE_BROKEN also when a file is missing that Docker clients read: docker itself says only EOF
 */
export async function lineEnvironment(
  ports: { readonly lines: LineStore },
  name: string,
  now: number,
  byAgent = false,
): Promise<LineEnvironment> {
  const { lines } = ports;
  const line = await lines.read(name);
  // No Docker client can read an encrypted key; the agent can.
  const throughAgent = (await lines.isKeyEncrypted(name)) || byAgent;
  const [certificate] = await Promise.all(CERTIFICATES.map((file) => lines.readFile(name, file)));
  return {
    variables: throughAgent
      ? socketEnvironment(await lines.agentSocket(name))
      : dockerEnvironment(line, lines.certPath(name)),
    warning: await expiryWarning(ports, line, certificate ?? "", now),
  };
}

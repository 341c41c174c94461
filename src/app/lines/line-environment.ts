/** The variables that point Docker clients at a line, for `env` and `run`. */
import { dockerEnvironment, type LineStore } from "../../line/index.ts";

const CLIENT_FILES = ["docker/ca.pem", "docker/cert.pem", "docker/key.pem"] as const;

/**
 * @param name a line of this machine
 * @throws LINE_UNKNOWN; LINE_BROKEN also when a file is missing that Docker clients read: docker itself says only EOF
 */
export async function lineEnvironment(
  { lines }: { readonly lines: LineStore },
  name: string,
): Promise<Record<string, string>> {
  const line = await lines.read(name);
  await Promise.all(CLIENT_FILES.map((file) => lines.readFile(name, file)));
  return dockerEnvironment(line, lines.certPath(name));
}

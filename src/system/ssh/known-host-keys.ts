/**
 * Finds the host keys that this laptop's known_hosts has for a host, for people to compare when a host cannot prove its
 * identity.
 */
import { execFile } from "node:child_process";
import { promisify } from "node:util";
import type { SshPlace } from "../../line/index.ts";

const MAX_KEYS = 8;
const TIMEOUT_MS = 5_000;
const DEFAULT_PORT = 22;

async function keysIn(file: string, name: string): Promise<string[]> {
  const options = { timeout: TIMEOUT_MS, maxBuffer: 256 * 1024 };
  // ssh-keygen exits with an error if there is no key, or no such file.
  const { stdout } = await promisify(execFile)("ssh-keygen", ["-l", "-F", name, "-f", file], options).catch(
    () => ({
      stdout: "",
    }),
  );
  return [...stdout.matchAll(/\b(SHA256:[A-Za-z0-9+/]{43})(?=\s|$)/gm)].map(([, key = ""]) => key);
}

/**
 * @param files known_hosts files, as `ssh -G` names them
 * @returns fingerprints, sorted; none if known_hosts has no entry for the host
 */
export async function knownHostKeys(
  { hostname, port, hostKeyAlias }: Omit<SshPlace, "hostKeys">,
  files: readonly string[],
): Promise<string[]> {
  const name = hostKeyAlias ?? (port === DEFAULT_PORT ? hostname : `[${hostname}]:${port}`);
  const found = await Promise.all(files.map((file) => keysIn(file, name)));
  return [...new Set(found.flat())].toSorted().slice(0, MAX_KEYS);
}

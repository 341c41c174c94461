/** A host's exposure to a stranger without credentials, found with curl, which knows nothing of tetherdock. */
import type { Host } from "./host.ts";
import { type Output, run } from "./run.ts";

/** An address for a URL. */
export function bracketed(address: string): string {
  return address.includes(":") ? `[${address}]` : address;
}

/** GET /version, without verifying the server. */
export function getVersion(origin: string, credentials: readonly string[] = []): Promise<Output> {
  return run(["curl", "-gksS", "-m", "5", "--noproxy", "*", ...credentials, `${origin}/version`]);
}

async function sight(origin: string): Promise<string> {
  const { status, stdout } = await getVersion(origin);
  const says = stdout.includes('"ApiVersion"') ? "the engine" : stdout.trim() || `curl ${status}`;
  return `${origin} ${says}`;
}

/** @returns one line for each address, port and scheme; equal before and after means as exposed as before */
export async function exposure({ ip, ip6 }: Host): Promise<string> {
  const origins = ["http", "https"].flatMap((scheme) =>
    [ip, ip6].flatMap((address) => [2375, 2376].map((port) => `${scheme}://${bracketed(address)}:${port}`)),
  );
  return (await Promise.all(origins.map(sight))).join("\n");
}

/** A line whose CA is as it would be had it been made ten years ago: the same key and name, another end. */
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { openAuthority, renewAuthority } from "../../src/pki/index.ts";
import type { Host } from "./host.ts";
import type { Laptop } from "./laptop.ts";

const LIFE_MS = 3_652 * 86_400_000;

/**
 * Ages the CA of a line on the host, and on every machine that has the line under this name.
 * @param until when the CA ends, ms since the epoch
 * @returns the CA's certificate, PEM
 */
export async function ageCa(
  host: Host,
  setUpOn: Laptop,
  others: readonly Laptop[],
  name: string,
  until: number,
): Promise<string> {
  const at = (laptop: Laptop, file: string) => join(laptop.home, "lines", name, file);
  const [certificate, privateKey] = await Promise.all(
    ["docker/ca.pem", "ca/ca-key.pem"].map((file) => readFile(at(setUpOn, file), "utf8")),
  );
  const authority = await openAuthority({ certificate: certificate ?? "", privateKey: privateKey ?? "" });
  const { certificate: aged } = await renewAuthority(authority, until - LIFE_MS);
  for (const laptop of [setUpOn, ...others]) await writeFile(at(laptop, "docker/ca.pem"), aged);
  await host.root(`cat > /etc/tetherdock/ca.pem <<'END'\n${aged}END`);
  return aged;
}

/** A laptop whose resolver knows more names: there is no DNS for the test hosts. */
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Laptop } from "./laptop.ts";
import type { Output } from "./run.ts";

/** Runs programs with `names` in /etc/hosts, in a separate mount namespace: the machine's file does not change. */
export async function withNames(
  laptop: Laptop,
  names: Readonly<Record<string, string | readonly string[]>>,
): Promise<(argv: readonly string[]) => Promise<Output>> {
  const hosts = join(laptop.folder, "hosts");
  const lines = Object.entries({ localhost: "127.0.0.1", ...names }).flatMap(([name, addresses]) =>
    [addresses].flat().map((address) => `${address} ${name}\n`),
  );
  await writeFile(hosts, lines.join(""));
  const enter = 'mount --bind "$0" /etc/hosts && exec "$@"';
  return (argv) =>
    laptop.run(["unshare", "--mount", "--propagation", "private", "sh", "-c", enter, hosts, ...argv]);
}

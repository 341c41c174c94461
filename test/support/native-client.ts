/** A machine that joins a native engine: its request and its certificate are carried by hand. */
import { writeFile } from "node:fs/promises";
import type { Host } from "./host.ts";
import { type Laptop, makeLaptop } from "./laptop.ts";

/** @param laptop of the operator, who approves it without comparing fingerprints */
export async function joinNativeAs(client: string, laptop: Laptop, { name }: Host): Promise<Laptop> {
  const machine = await makeLaptop("/dev/null");
  const must = async (one: Laptop, words: readonly string[], input = "") => {
    const { status, stdout, stderr } = await one.tetherdock(words, { input });
    if (status !== 0) throw new Error(`${words.join(" ")}: ${stderr}`);
    return stdout;
  };
  const token = await must(laptop, ["client", "invite", client, "--line", name]);
  await writeFile(`${laptop.folder}/request`, await must(machine, ["join", "-"], token));
  const approve = ["client", "approve", client, "--request", "request", "--line", name, "--yes"];
  const certificate = await must(laptop, approve);
  await must(machine, ["join", token.trim(), "--certificate", "-"], certificate);
  return machine;
}

/** Doctor's inspection from inside, on a test host. */
import { type Inside, insideScript, parseInside } from "../../src/doctor/index.ts";
import { factsScript, parseFacts } from "../../src/facts/index.ts";
import type { Host } from "./host.ts";

/** As HostShell runs it. @param before shell text that the script runs after, for staging a broken systemctl */
export async function look(host: Host, before = ""): Promise<Inside> {
  const run = (script: string) => host.root(`(\n${before}\n${script}\n) </dev/null`);
  const facts = parseFacts(await run(factsScript("facts-m")), "facts-m");
  return parseInside(await run(insideScript(facts, "inside-m")), "inside-m", facts);
}

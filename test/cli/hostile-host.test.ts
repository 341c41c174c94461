/**
 * What a hostile host says over ssh reaches the terminal as text. The host is a program in ssh's place: it takes our
 * greeting and our scripts, runs none of them, and plants what it likes in every stream.
 */
import { chmodSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { EVIL, OBEYED } from "./hostile-gateway.ts";
import { type LaptopStage, makeLaptopStage } from "./laptop-stage.ts";

/** How it answers: not at all, or every script with the same words and this status. */
const SSH = `#!/usr/bin/env node
const [behaviour] = process.argv.slice(-2)[0].split("@");
const evil = ${JSON.stringify(EVIL)};
if (process.argv.includes("-G")) {
  process.stdout.write("hostname evil\\nremotecommand none\\n");
  process.exit(0);
}
process.stderr.write(evil + "\\n");
if (behaviour === "refuses") process.exit(255);
const marker = /echo (\\S+) uid/.exec(process.argv.at(-1))[1];
process.stdout.write(evil + "\\n" + marker + " uid 0 192.0.2.1\\n" + marker + " sudo yes\\n");
let text = "";
process.stdin.on("end", () => process.exit(0));
process.stdin.setEncoding("utf8").on("data", (chunk) => {
  text += chunk;
  const end = /printf '\\\\n%s %s\\\\n' (\\S+) "\\$\\?"/.exec(text);
  if (!end) return;
  const facts = /facts-[0-9a-f-]{36}/.exec(text)?.[0];
  text = "";
  const status = behaviour === "fails" ? 1 : 0;
  const said = facts ? facts + " os\\n" + evil + "\\n" + facts + " end\\n" : "";
  process.stdout.write(said + evil + "\\n" + end[1] + " " + status + "\\n");
  process.stderr.write(evil + "\\n" + end[1] + "\\n");
});
`;

let stage: LaptopStage;
beforeAll(() => {
  stage = makeLaptopStage();
  const bin = join(stage.work, "bin");
  mkdirSync(bin);
  writeFileSync(join(bin, "ssh"), SSH);
  chmodSync(join(bin, "ssh"), 0o755);
});
afterAll(() => stage.remove());

const hosts = ["refuses", "fails", "lies"];
const commands: readonly (readonly string[])[] = [
  ["up", "--yes"],
  ["up", "--dry-run"],
  ["up", "--dry-run", "--json"],
  ["down", "--yes"],
  ["doctor", "--ssh"],
  ["doctor", "--ssh", "--json"],
  ["topology", "--ssh"],
];

test.each(hosts.flatMap((host) => commands.map((command) => [host, command] as const)))(
  "a host that %s: %j",
  async (host, [command = "", ...flags]) => {
    const script = `PATH="${join(stage.work, "bin")}:$PATH" exec tetherdock "$@"`;
    const words = [command, `${host}@evil.invalid`, ...flags];
    const { stdout, stderr } = await stage.run("sh", "-c", script, "sh", ...words);
    const all = stdout + stderr;
    expect(all).not.toBe("");
    expect(OBEYED.exec(all)?.[0], all).toBe(undefined);
    expect(all).not.toContain("a bug in tetherdock");
  },
);

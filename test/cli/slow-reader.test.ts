/** `tetherdock audit` to a reader that takes its time: a socket, a pipe, a pipe that does not block, and one that leaves. */
import { once } from "node:events";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { formatHeader, GENESIS, sealBlock } from "../../src/audit/index.ts";
import { residentMiB } from "../support/resident-mib.ts";
import { type LaptopStage, makeLaptopStage } from "./laptop-stage.ts";

const RECORDS = 150_000;
let stage: LaptopStage;
let log: string;

/** 40 MB of records: more than any pipe, socket and stream hold together. */
function writeLog(): void {
  mkdirSync(log);
  const line = (at: number): string =>
    `{"time":${1.7e12 + at},"event":"request","target":"${"x".repeat(200)}"}\n`;
  let text = formatHeader({ file: 1, follows: GENESIS, oldest: 1, begun: 0 });
  const blocks: Buffer[] = [];
  let seal = GENESIS;
  for (let from = 0; from < RECORDS; from += 1000) {
    text += Array.from({ length: 1000 }, (_, index) => line(from + index)).join("");
    const sealed = sealBlock(seal, text, text.split("\n").length - 1);
    blocks.push(sealed.bytes);
    seal = sealed.seal;
    text = "";
  }
  writeFileSync(join(log, "audit-00000001.jsonl"), Buffer.concat(blocks));
}

beforeAll(() => {
  stage = makeLaptopStage();
  log = join(stage.work, "log");
  writeLog();
});
afterAll(() => stage.remove());

const audit = () => ["audit", "--directory", log, "--json"];

test("a socket that is not read for a while: nothing is lost, and waiting output is not in memory", async () => {
  const child = stage.spawn("tetherdock", audit());
  if (!child.stdout || !child.stderr) throw new Error("no streams");
  let errors = "";
  child.stderr.on("data", (chunk) => {
    errors += chunk;
  });
  await once(child.stdout, "readable");
  // Unless it waits for us, it would read and keep the whole log within this time.
  await new Promise((resolve) => setTimeout(resolve, 3000));
  const megabytes = residentMiB(child.pid ?? 0);
  let lines = 0;
  child.stdout.on("data", (chunk: Buffer) => {
    for (const byte of chunk) if (byte === 10) lines += 1;
  });
  const [status] = await once(child, "close");
  expect({ status, lines, errors }).toEqual({ status: 0, lines: RECORDS, errors: "" });
  expect(megabytes).toBeLessThan(130);
});

/** @returns what the shell's last command printed, with the exit status of the first in the pipe */
async function pipe(before: string, reader: string) {
  const script = `set -o pipefail; ${before} tetherdock ${audit().join(" ")} 2>errors | ${reader}; echo "\${PIPESTATUS[0]}"`;
  const { stdout } = await stage.run("bash", "-c", script);
  const [told, status] = stdout.trim().split("\n");
  return { told, status, errors: readFileSync(join(stage.work, "errors"), "utf8") };
}

test.each([
  ["a pipe", ""],
  // As another program that has the pipe too may have left it: a write then ends with EAGAIN.
  ["a pipe that does not block", "perl -MFcntl -e 'fcntl(STDOUT, F_SETFL, O_NONBLOCK) or die; exec @ARGV'"],
])("%s with a slow reader loses nothing", async (_, before) => {
  const lines = String(RECORDS);
  expect(await pipe(before, "(sleep 1; wc -l)")).toEqual({ told: lines, status: "0", errors: "" });
});

test("a reader that disconnects ends the command quietly", async () => {
  expect(await pipe("", "(head -n 1 | wc -l)")).toEqual({ told: "1", status: "0", errors: "" });
});

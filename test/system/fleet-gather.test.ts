/**
 * The audit logs of many hosts are gathered while they are written, and everybody is killed with -9 again and again: in the end
 * the operator has each record once, in its host's order. `scripts/test --all`: 1,000,000 records of 100 hosts.
 */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { afterAll, expect, test } from "vitest";
import { fetchFleetAudit, showFleetAudit, verifyFleetAudit } from "../../src/app/fleet/index.ts";
import { readAudit } from "../../src/system/audit-log/reader.ts";
import { gatherPorts, hostName } from "../support/gather/operator.ts";
import { everything } from "../support/sample.ts";
import { sampleEvent } from "./audit-sample.ts";
import { Failures, openLog } from "./audit-stage.ts";

const [HOSTS, EACH, KILLS] = everything ? [100, 10_000, 12] : [8, 1_500, 4];
const { signal } = new AbortController();
const ALL = { fleet: undefined, host: undefined };
const folder = mkdtempSync(join(tmpdir(), "tetherdock-gather-"));
const [logs, copies] = [join(folder, "logs"), join(folder, "copies")];
const names = Array.from({ length: HOSTS }, (_, at) => hostName(at));
const children = new Set<ChildProcess>();

afterAll(() => {
  for (const child of children) child.kill("SIGKILL");
  rmSync(folder, { recursive: true, force: true });
});

function start(file: string, ...args: (string | number)[]) {
  const path = fileURLToPath(new URL(`../support/gather/${file}`, import.meta.url));
  const child = spawn(process.execPath, [path, ...args.map(String)], {
    stdio: ["pipe", "pipe", "inherit"],
  });
  children.add(child);
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  // A child that was killed reads no more.
  child.stdin.on("error", () => {});
  return {
    tell: (line: string) => child.stdin.write(`${line}\n`),
    end: () => child.stdin.end(),
    /** The rest of its next line that begins with the word; null: it has ended. */
    async says(word: string): Promise<string | null> {
      for (;;) {
        const { value, done } = await lines.next();
        if (done) return null;
        if (value.startsWith(word)) return value.slice(word.length).trim();
      }
    },
    async kill(): Promise<void> {
      children.delete(child);
      child.kill("SIGKILL");
      if (child.signalCode === null && child.exitCode === null) await once(child, "exit");
    },
  };
}

type Started = ReturnType<typeof start>;

async function startHosts(): Promise<{ hosts: Started; port: number }> {
  const hosts = start("hosts.ts", logs, HOSTS);
  return { hosts, port: Number(await hosts.says("port")) };
}

const startGatherer = (port: number): Started => start("gatherer.ts", copies, HOSTS, port);

const filesOf = (path: string): string[] => readdirSync(path).filter((name) => name.endsWith(".jsonl"));

function requireSame(host: string): void {
  const [log, copy] = [join(logs, host), join(copies, host)];
  expect(filesOf(copy)).toEqual(filesOf(log));
  for (const name of filesOf(log))
    if (!readFileSync(join(log, name)).equals(readFileSync(join(copy, name)))) expect.fail(`${host} ${name}`);
}

/** The writer's own notes are about its being killed. */
async function numbersIn(path: string): Promise<number[]> {
  const numbers: number[] = [];
  for await (const line of readAudit(path, {}))
    if (!line.includes('"event":"gateway"')) numbers.push(Number(/"request":(\d+)/.exec(line)?.[1]));
  return numbers;
}

test(`${HOSTS} hosts with ${EACH} records each: everybody is killed, and each record is there once, in order`, async () => {
  let { hosts, port } = await startHosts();
  let gatherer = startGatherer(port);
  const begun = performance.now();
  let mib = 0;
  for (let kill = 1; kill <= KILLS; kill++) {
    hosts.tell(`${Math.ceil((EACH * kill) / KILLS)}`);
    // Somewhere in the fetch after one that brought something.
    for (let bytes = 0; bytes === 0; ) {
      const said = (await gatherer.says("fetched")) ?? expect.fail("it has ended");
      const [added = 0, largest = 0] = said.split(" ").map(Number);
      [bytes, mib] = [added, Math.max(mib, largest)];
    }
    await new Promise((resolve) => setTimeout(resolve, kill * 17));
    const both = kill % 4 === 0;
    if (both) await hosts.kill();
    await gatherer.kill();
    if (both) ({ hosts, port } = await startHosts());
    gatherer = startGatherer(port);
  }
  hosts.tell(`${EACH}`);
  hosts.end();
  expect(await hosts.says("closed")).toBe("");
  await gatherer.kill();
  const written = performance.now();
  const ports = gatherPorts(copies, HOSTS, port);
  await fetchFleetAudit(ports, ALL);
  const gathered = performance.now();
  const expected = Array.from({ length: EACH }, (_, at) => at + 1);
  for (const host of names) {
    requireSame(host);
    expect(await numbersIn(join(copies, host))).toEqual(expected);
  }
  let shown = 0;
  for await (const { record } of showFleetAudit(ports, "acme", names, { signal }))
    if (!record.includes('"event":"gateway"')) shown += 1;
  expect(shown).toBe(HOSTS * EACH);
  const from = performance.now();
  const { hosts: verified } = await verifyFleetAudit(ports, ALL);
  const seconds = (ms: number) => (ms / 1_000).toFixed(1);
  for (const one of verified)
    expect(one).toMatchObject({
      errors: [],
      copy: { ok: true },
      log: { ok: true },
      fetched: { problems: [] },
    });
  if (everything)
    process.stdout.write(
      `${shown} records: written and gathered in ${seconds(written - begun)} s with ${KILLS} kills, ` +
        `the rest in ${seconds(gathered - written)} s, ${mib} MiB; verified on both sides in ${seconds(performance.now() - from)} s\n`,
    );
  await foundRewritten(ports);
  await hosts.kill();
}, 1_200_000);

/** A host whose log is written anew by root there, with the gateway's own writer, and as many records. */
async function foundRewritten(ports: ReturnType<typeof gatherPorts>): Promise<void> {
  const host = names[1] ?? "";
  const path = join(logs, host);
  const kept = filesOf(path).map((name) => [name, readFileSync(join(path, name))] as const);
  for (const [name] of kept) rmSync(join(path, name));
  const log = await openLog(path, new Failures(), { rotateBytes: 1024 * 1024, keep: 1_000 });
  for (let number = 1; number <= EACH; number++)
    log.record(sampleEvent(number, { rule: "other" }), number % 3 === 0 ? "reads" : "actions");
  await log.close();
  const [fetched, verified] = [await fetchFleetAudit(ports, ALL), await verifyFleetAudit(ports, ALL)];
  const told = fetched.hosts.filter((one) => "fetched" in one && one.fetched.problems.length > 0);
  const found = verified.hosts.filter(({ copy, log }) => copy?.ok === false || log?.ok === false);
  expect(found.map((one) => one.host)).toEqual([host]);
  expect(told.every((one) => one.host === host)).toBe(true);
  for (const [name, bytes] of kept) writeFileSync(join(path, name), bytes);
}

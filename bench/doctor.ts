/**
 * `tetherdock doctor`: one complete host, from outside and inside, and a hundred endpoints on loopback. Measures the
 * built program from start to end. Goals: under 3 s, and under 10 s.
 *
 *     node bench/doctor.ts [ROUNDS]      root; boots a host
 */
import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { bootHost } from "../test/support/host.ts";
import { type Laptop, makeLaptop } from "../test/support/laptop.ts";
import { OpensslPki } from "../test/system/openssl-pki.ts";
import { summarise } from "./median.ts";
import { goal, head, row } from "./report.ts";

const HOST_GOAL_MS = 3_000;
const MANY_GOAL_MS = 10_000;
const ENDPOINTS = 100;
const rounds = Number(process.argv[2] ?? 5);

/** A separate process, like an engine: every endpoint requires a certificate from the CA. */
const SERVERS = `
import { createServer } from "node:https";
import { readFileSync } from "node:fs";
const options = { ...JSON.parse(readFileSync(process.argv[2], "utf8")), requestCert: true };
for (let n = 0; n < ${ENDPOINTS}; n++) {
  const server = createServer(options, (_, response) => response.setHeader("Api-Version", "1.41").end("OK"));
  server.on("tlsClientError", () => {});
  server.listen(0, "127.0.0.1", () => console.log(server.address().port));
}`;

async function timed(laptop: Laptop, program: string, args: readonly string[]): Promise<number> {
  const start = performance.now();
  const { status, stderr } = await laptop.run([process.execPath, program, "doctor", ...args]);
  if (status !== 0) throw new Error(`doctor ${args.join(" ")}: exit status ${status}\n${stderr}`);
  return performance.now() - start;
}

async function repeat(work: () => Promise<number>): Promise<number[]> {
  const all: number[] = [];
  for (let n = 0; n < rounds; n++) all.push(await work());
  return all;
}

async function oneHost(program: string): Promise<void> {
  await using host = await bootHost({ name: "bench" });
  await using laptop = await makeLaptop(host.sshConfig);
  const up = await laptop.run([process.execPath, program, "up", `root@${host.name}`, "--yes"]);
  if (up.status !== 0) throw new Error(up.stderr);
  const whole = summarise(await repeat(() => timed(laptop, program, [])));
  row("one host, outside and inside", whole);
  row("the same, --no-ssh", summarise(await repeat(() => timed(laptop, program, ["--no-ssh"]))));
  goal(`under ${HOST_GOAL_MS} ms`, whole.median < HOST_GOAL_MS);
}

async function hundred(program: string, folder: string): Promise<void> {
  const pki = new OpensslPki();
  const ca = pki.authority();
  const { certPem, keyPem } = ca.leaf({ san: "IP:127.0.0.1", to: "491231000000Z" });
  pki.remove();
  const [script, options] = [join(folder, "servers.mjs"), join(folder, "options.json")];
  writeFileSync(script, SERVERS);
  writeFileSync(options, JSON.stringify({ cert: certPem, key: keyPem, ca: ca.certPem }));
  const servers = spawn(process.execPath, [script, options], { stdio: ["ignore", "pipe", "inherit"] });
  await using laptop = await makeLaptop("/dev/null");
  try {
    const words: string[] = [];
    for await (const port of createInterface({ input: servers.stdout })) {
      words.push(`127.0.0.1:${port}`);
      if (words.length === ENDPOINTS) break;
    }
    const many = summarise(await repeat(() => timed(laptop, program, words)));
    row(`${ENDPOINTS} endpoints on loopback`, many);
    goal(`under ${MANY_GOAL_MS} ms`, many.median < MANY_GOAL_MS);
  } finally {
    servers.kill();
    await once(servers, "exit");
  }
}

const dist = mkdtempSync(join(tmpdir(), "tetherdock-bench-"));
try {
  execFileSync(process.execPath, [join(import.meta.dirname, "../tools/build.ts"), dist]);
  const program = join(dist, "main.js");
  head(`tetherdock doctor, ${rounds} rounds`);
  await hundred(program, dist);
  await oneHost(program);
} finally {
  rmSync(dist, { recursive: true });
}

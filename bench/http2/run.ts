/**
 * The cost of judging each HTTP/2 stream compared with today's raw pipe: the prototype of ADR 0018 and a pipe in front
 * of the same fake engine, interleaved rounds, medians.
 *
 *     node bench/http2/run.ts [ROUNDS]
 */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import http2, { type ClientHttp2Session } from "node:http2";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { writeCertificates } from "../gateway/certificates.ts";
import { cpuUs, rssKib } from "../gateway/usage.ts";
import { summarise } from "../median.ts";
import { head } from "../report.ts";

const rounds = Number(process.argv[2] ?? 5);
const CALLS = 960;
const PARALLEL = 16;
const MIB = 128;
const CHUNK = Buffer.alloc(16 * 1024, 7);
const CALL = { ":method": "POST", "content-type": "application/grpc", te: "trailers" };
const CHECK = { ...CALL, ":path": "/grpc.health.v1.Health/Check" };
const SOLVE = { ...CALL, ":path": "/moby.buildkit.v1.Control/Solve" };

const here = (name: string) => join(import.meta.dirname, name);

/** @returns the process, and the first line that it prints */
async function start(...argv: string[]): Promise<readonly [ChildProcess, string]> {
  const child = spawn(process.execPath, argv, { stdio: ["ignore", "pipe", "inherit"] });
  const [line] = await once(child.stdout as NodeJS.ReadableStream, "data");
  return [child, String(line).trim()];
}

async function call(session: ClientHttp2Session, headers: Record<string, string>, bytes = 0): Promise<void> {
  const stream = session.request(headers);
  stream.resume();
  for (let sent = 0; sent < bytes; sent += CHUNK.length)
    if (!stream.write(CHUNK)) await once(stream, "drain");
  stream.end();
  let status = "";
  stream.on("trailers", (fields) => {
    status = String(fields["grpc-status"]);
  });
  await once(stream, "close");
  if (status !== "0") throw new Error(`grpc-status ${status}`);
}

async function calls(session: ClientHttp2Session): Promise<number[]> {
  const times: number[] = [];
  const one = async () => {
    for (let left = CALLS / PARALLEL; left > 0; left--) {
      const from = performance.now();
      await call(session, CHECK);
      times.push(performance.now() - from);
    }
  };
  await Promise.all(Array.from({ length: PARALLEL }, one));
  return times;
}

const folder = mkdtempSync(join(tmpdir(), "tetherdock-http2-"));
const children: ChildProcess[] = [];
try {
  const identity = writeCertificates(folder);
  const socket = join(folder, "engine.sock");
  const read = (file: string) => readFileSync(file);
  const tls = { ca: read(identity.ca), cert: read(identity.cert), key: read(identity.key) };
  const [engine] = await start(here("fake-engine.ts"), socket);
  children.push(engine);
  head(`HTTP/2 judged stream by stream, and passed as a pipe, ${rounds} rounds`);
  const contenders = [];
  for (const manner of ["judge", "pipe"]) {
    const [child, port] = await start(here("serve.ts"), folder, socket, manner);
    children.push(child);
    const session = http2.connect(`https://127.0.0.1:${port}`, { ...tls, ALPNProtocols: ["h2"] });
    await calls(session); // warm
    contenders.push({
      manner,
      pids: [child.pid ?? 0],
      session,
      p50: [] as number[],
      us: [] as number[],
      ms: [] as number[],
    });
  }
  for (let round = 0; round < rounds; round++)
    for (const { pids, session, p50, us, ms } of contenders) {
      const before = cpuUs(pids);
      p50.push(summarise(await calls(session)).median);
      us.push((cpuUs(pids) - before) / CALLS);
      const middle = cpuUs(pids);
      await call(session, SOLVE, MIB * 1024 * 1024);
      ms.push((cpuUs(pids) - middle) / 1000 / (MIB / 1024));
    }
  for (const { manner, pids, session, p50, us, ms } of contenders) {
    const median = (values: number[]) => summarise(values).median;
    console.log(
      `${manner.padEnd(6)} ${median(us).toFixed(0)} µs CPU a call, p50 ${median(p50).toFixed(1)} ms (${PARALLEL} at a time), ${median(ms).toFixed(0)} ms CPU a GiB up, ${(rssKib(pids) / 1024).toFixed(0)} MiB`,
    );
    session.destroy();
  }
} finally {
  for (const child of children) child.kill();
  rmSync(folder, { recursive: true, force: true });
}

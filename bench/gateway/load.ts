/**
 * The load generator: a separate process on the other core, the same for all proxies. Takes a {@link Job} as its
 * argument and prints one {@link Outcome} for each target.
 */
import { once } from "node:events";
import { setTimeout } from "node:timers/promises";
import { Client, contextOf, GROUP, LIST, load, PING, SAVE } from "./client.ts";
import type { Job, Outcome, Target, Work } from "./job.ts";
import { cpuUs, rssKib } from "./usage.ts";

const MIB = 1024 ** 2;
/** As Go's io.Copy writes an archive. */
const UPLOAD_BYTES = 32 * 1024;
const WARM_UP = { requests: 400, handshakes: 20, visits: 5 };
/** Until the end of the last connection has been processed. */
const SETTLE_MS = 50;
/** Connections count as idle after a while: until then V8 keeps memory from the handshakes. */
const IDLE_MS = 45_000;

const job: Job = JSON.parse(process.argv[2] ?? "");
const secureContext = contextOf(job.identity);
const open = (target: Target, context = secureContext) => new Client(target, context).ready();

function share(values: number[], part: number): number {
  values.sort((a, b) => a - b);
  return values[Math.min(values.length - 1, Math.floor(values.length * part))] ?? 0;
}

function outcome(values: Partial<Outcome> & { readonly times?: number[] }): Outcome {
  const { times = [], ...rest } = values;
  const [p50, p99] = [share(times, 0.5), share(times, 0.99)];
  return { cpuUs: 0, done: times.length, p50, p99, grownKib: 0, ...rest };
}

/** Keeps every connection busy. */
async function keepAsking(clients: readonly Client[], times: number[], goOn: () => boolean): Promise<void> {
  await Promise.all(
    clients.map(
      (client) =>
        new Promise<void>((resolve) => {
          let start = 0;
          const ask = () => {
            start = performance.now();
            client.ask(LIST, answered);
          };
          const answered = () => {
            times.push(performance.now() - start);
            if (goOn()) ask();
            else resolve();
          };
          ask();
        }),
    ),
  );
}

async function requests(target: Target, connections: number, ms: number): Promise<Outcome> {
  const clients = await Promise.all(Array.from({ length: connections }, () => open(target)));
  let warm = 0;
  await keepAsking(clients, [], () => ++warm < WARM_UP.requests * Math.sqrt(connections));
  const times: number[] = [];
  const end = performance.now() + ms;
  const before = cpuUs(target.pids);
  await keepAsking(clients, times, () => performance.now() < end);
  const used = cpuUs(target.pids) - before;
  await Promise.all(clients.map((client) => client.close()));
  return outcome({ cpuUs: used, times });
}

async function down(target: Target): Promise<Outcome> {
  const client = await open(target);
  await client.answerTo(LIST);
  const before = cpuUs(target.pids);
  await client.answerTo(SAVE);
  const used = cpuUs(target.pids) - before;
  await client.close();
  return outcome({ cpuUs: used, done: 1 });
}

async function up(target: Target, mib: number): Promise<Outcome> {
  const client = await open(target);
  await client.answerTo(LIST);
  const chunk = Buffer.alloc(UPLOAD_BYTES, 0x5a);
  const before = cpuUs(target.pids);
  const answer = client.answerTo(load(mib * MIB));
  for (let left = mib * MIB; left > 0; left -= chunk.length)
    if (!client.socket.write(chunk)) await once(client.socket, "drain");
  await answer;
  const used = cpuUs(target.pids) - before;
  await client.close();
  return outcome({ cpuUs: used, done: 1 });
}

async function handshakes(target: Target, work: Extract<Work, { kind: "handshakes" }>): Promise<Outcome> {
  const times: number[] = [];
  const context = contextOf(job.identity, work.groups);
  const run = async (count: number) => {
    let left = count;
    const one = async () => {
      while (left-- > 0) {
        const start = performance.now();
        const client = await open(target, context);
        if (work.groups === GROUP && client.group !== GROUP) throw new Error(`${client.group} was agreed on`);
        await client.answerTo(LIST);
        times.push(performance.now() - start);
        await client.close();
      }
    };
    await Promise.all(Array.from({ length: work.parallel }, one));
    await setTimeout(SETTLE_MS);
  };
  await run(WARM_UP.handshakes);
  times.length = 0;
  const before = cpuUs(target.pids);
  await run(work.count);
  return outcome({ cpuUs: cpuUs(target.pids) - before, times });
}

async function idle(target: Target, work: Extract<Work, { kind: "idle" }>): Promise<Outcome> {
  const PARALLEL = 20;
  const before = rssKib(target.pids);
  const clients: Client[] = [];
  while (clients.length < work.count) {
    const some = await Promise.all(Array.from({ length: PARALLEL }, () => open(target)));
    if (work.requests > 0) await Promise.all(some.map((client) => client.answerTo(LIST)));
    clients.push(...some);
  }
  await setTimeout(IDLE_MS);
  const grownKib = rssKib(target.pids) - before;
  for (const { socket } of clients) socket.destroy();
  return outcome({ grownKib, done: clients.length });
}

async function visits(targets: readonly Target[], count: number): Promise<Outcome[]> {
  const times = targets.map((): number[] => []);
  for (let round = -WARM_UP.visits; round < count; round++)
    for (const [index, target] of targets.entries()) {
      const start = performance.now();
      const client = await open(target);
      await client.answerTo(PING);
      await client.answerTo(LIST);
      if (round >= 0) times[index]?.push(performance.now() - start);
      await client.close();
    }
  return times.map((own) => outcome({ times: own }));
}

function perform(target: Target, work: Exclude<Work, { kind: "visits" }>): Promise<Outcome> {
  switch (work.kind) {
    case "requests":
      return requests(target, work.connections, work.ms);
    case "down":
      return down(target);
    case "up":
      return up(target, work.mib);
    case "handshakes":
      return handshakes(target, work);
    case "idle":
      return idle(target, work);
  }
}

const { targets, work } = job;
const outcomes =
  work.kind === "visits"
    ? await visits(targets, work.count)
    : await Promise.all(targets.map((target) => perform(target, work)));
console.log(JSON.stringify(outcomes));
process.exit();

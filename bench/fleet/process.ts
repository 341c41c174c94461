/**
 * The process that a host has for its fleet, as systemd starts it, with a real NATS server: from its start until its receipt is in
 * the store, from a revocation until the gateway has it, and its memory. The gateway is a stand-in, which verifies.
 *
 *     npm run build && npm run build:executable && node bench/fleet/process.ts [CLIENTS] [ROUNDS]
 */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import {
  type FleetDocuments,
  forHosts,
  formatAnswer,
  formatLink,
  formatNatsSettings,
  formatPublication,
  type OperatorStore,
  readHandOver,
  serverConfig,
  verifyDocuments,
} from "../../src/fleet/index.ts";
import { openNatsOperatorStore } from "../../src/system/fleet-store/nats/operator-store.ts";
import { makeNatsSettings, serverTrust } from "../../src/system/fleet-store/nats/trust.ts";
import { makeServerCertificate } from "../../test/cli/fake-engine.ts";
import { makeCertificates } from "../../test/cli/sample-line.ts";
import { natsPorts, startNats } from "../../test/support/fleet/nats-servers.ts";
import { summarise } from "../median.ts";
import { goal, head, row } from "../report.ts";
import { FLEET, Operator, sampleList } from "./sample.ts";

const [clients = 1_000, rounds = 20] = process.argv.slice(2).map(Number);
const HOST = "web";
const GOAL_START_MS = 1_000;
const GOAL_MIB = 40;
const STARTS = 5;
/** fleet-files.ts */
const NODE_OPTIONS = "--max-semi-space-size=1";

const folder = mkdtempSync(join(tmpdir(), "tetherdock-bench-"));
const at = (name: string) => join(folder, name);
const program = at("tetherdock");
const packed = join(import.meta.dirname, `../../dist/executables/linux-${process.arch}-tetherdock.gz`);
writeFileSync(program, gunzipSync(readFileSync(packed)), { mode: 0o755 });

/** Its socket, as the gateway has it. */
class Gateway {
  held: FleetDocuments;
  version = 1;
  readonly #server = createServer({ allowHalfOpen: true }, (socket) => void this.#answer(socket));
  #news = Promise.withResolvers<number>();

  constructor(held: FleetDocuments) {
    this.held = held;
    this.#server.listen(at("socket"));
  }

  /** @returns when the next list is in force */
  next(): Promise<number> {
    this.#news = Promise.withResolvers();
    return this.#news.promise;
  }

  close(): void {
    this.#server.close();
  }

  async #answer(socket: Socket): Promise<void> {
    const pieces: Buffer[] = [];
    socket.on("data", (piece: Buffer) => pieces.push(piece));
    await once(socket, "end");
    const read = readHandOver(Buffer.concat(pieces).toString("utf8"));
    if ("problems" in read) throw new Error(read.problems.join());
    const { documents } = read.value;
    const rest = { refused: null, closed: 0, open: 0, tookMs: 0, at: Date.now(), signature: null };
    if (documents !== null) await this.#take(documents);
    const own = documents === null ? this.held : null;
    socket.end(formatAnswer({ documents: own, inForce: this.version, list: null, ...rest }));
  }

  async #take(documents: FleetDocuments): Promise<void> {
    const verified = await verifyDocuments(this.held, documents);
    if ("refused" in verified) throw new Error(verified.refused);
    this.held = verified.documents;
    this.version = verified.view.version;
    this.#news.resolve(Date.now());
  }
}

/** MiB. */
interface Resident {
  readonly own: number;
  readonly file: number;
}

function residentOf(pid: number): Resident {
  const status = readFileSync(`/proc/${pid}/status`, "utf8");
  const of = (name: string) => Number(new RegExp(`^${name}:\\s+(\\d+)`, "m").exec(status)?.[1]) / 1024;
  return { own: of("RssAnon"), file: of("RssFile") };
}

/** @returns when the host's receipt has the version */
async function receipt(store: OperatorStore, version: number): Promise<number> {
  const stop = new AbortController();
  for await (const batch of store.receipts([HOST], stop.signal) ?? [])
    if (batch.some(({ inForce }) => inForce >= version)) break;
  stop.abort();
  return Date.now();
}

const settings = makeNatsSettings();
const certificates = makeCertificates(100);
const trust = await serverTrust(settings, FLEET);
await using nats = await startNats(
  (paths) => serverConfig(FLEET, trust, paths),
  { ca: certificates.ca, ...makeServerCertificate(certificates) },
  await natsPorts(1),
);
const address = { urls: nats.urls, ca: certificates.ca };
const store = openNatsOperatorStore({ address, settings: formatNatsSettings(settings) }, FLEET);
const operator = new Operator();
const people = Array.from({ length: clients }, (_, one) => `client-${one}@desk`);
const first = await operator.sign(await sampleList([HOST], people, address));
const gateway = new Gateway(forHosts(first.documents));

function start() {
  const env = { PATH: process.env["PATH"], NODE_OPTIONS };
  return spawn(program, ["fleet", "host", "--link", at("link")], { env, stdio: "ignore" });
}

async function main(): Promise<void> {
  head(`the fleet process of one host, ${clients} clients; ${STARTS} starts, ${rounds} revocations`);
  const credentials = await store.admit(HOST);
  writeFileSync(
    at("link"),
    formatLink({ fleet: FLEET, host: HOST, address, credentials, socket: at("socket") }),
  );
  const starts: number[] = [];
  let child = start();
  for (let round = 0; ; round++) {
    const signed = await operator.revoke(`start-${round}@desk`);
    child.kill();
    await once(child, "exit");
    await store.publish(formatPublication(signed.documents), signed.view.version);
    const from = Date.now();
    child = start();
    starts.push((await receipt(store, signed.view.version)) - from);
    if (round === STARTS - 1) break;
  }
  const pid = child.pid ?? 0;
  const fresh = residentOf(pid);
  const [inForce, receipts]: [number[], number[]] = [[], []];
  for (let round = 0; round < rounds; round++) {
    const signed = await operator.revoke(`client-${round}@desk`);
    const everywhere = gateway.next();
    const confirmed = receipt(store, signed.view.version);
    const from = Date.now();
    await store.publish(formatPublication(signed.documents), signed.view.version);
    inForce.push((await everywhere) - from);
    receipts.push((await confirmed) - from);
  }
  const resident = residentOf(pid);
  const cold = summarise(starts);
  row("from its start to its receipt", cold);
  row("from publishing to in force", summarise(inForce));
  row("from publishing to the receipt", summarise(receipts));
  const show = ({ own, file }: Resident) =>
    `${own.toFixed(0)} MiB of its own, ${file.toFixed(0)} MiB of the program's file, which the gateway has in memory too`;
  console.log(`after its start: ${show(fresh)}`);
  console.log(`after the revocations: ${show(resident)}`);
  goal(`from its start to its receipt in ${GOAL_START_MS} ms`, cold.median <= GOAL_START_MS);
  goal(`${GOAL_MIB} MiB of its own`, resident.own <= GOAL_MIB);
  child.kill();
  await once(child, "exit");
}

try {
  await main();
} finally {
  gateway.close();
  await store.close();
  rmSync(folder, { recursive: true });
}

/**
 * kill -9 at every change to a folder while a line's CA is replaced (ADR 0032), in the client's renewal and in the gateway.
 * The client works after each of them, and the same command, typed again, does its work. test/e2e/new-ca-killed.test.ts
 * kills `up`.
 */
import { existsSync, readdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import {
  authorityKeys,
  crossCertify,
  formatBundle,
  issueServer,
  makeAuthority,
  normaliseNames,
  openAuthority,
  publicKeyOf,
  readCertificate,
  type StoredAuthority,
  sameKey,
} from "../../src/pki/index.ts";
import { sampleBy } from "../support/sample.ts";
import { killing, ONE_THREAD, type Point, pointsIn, watching } from "../support/strace-points.ts";
import { type MortalGateway, must, PING, requirePrivate, startMortalGateway } from "./killing.ts";
import { type LaptopStage, makeLaptopStage } from "./laptop-stage.ts";

let stage: LaptopStage;
let mortal: MortalGateway;
let old: StoredAuthority;
let next: StoredAuthority;
/** SHA-256 of their keys. */
let keys: { readonly old: string; readonly next: string };
/** As the gateway has it in each state. */
let bundles: { readonly offered: string; readonly switched: string; readonly trusted: string };
let servers: { readonly offered: string; readonly switched: string };

const keyOf = (pem: string) => readCertificate(pem).publicKeyFingerprint;
/** Whose turn it is: some rounds begin with a client of their own. */
let client = "bob";
const home = () => join(stage.work, client);
const own = () => [`TETHERDOCK_HOME=${home()}`, `DOCKER_CONFIG=${home()}/docker`];
const fileOf = (name: string) => join(home(), "lines/guarded", name);
const hostFile = (name: string) => join(mortal.gateway.folder, name);
const read = (path: string) => readFileSync(path, "utf8");
const run = (...args: string[]) => stage.run("env", ...own(), ...args);
const renew = () => run("tetherdock", "renew", "--force");
const trusted = () => authorityKeys(read(fileOf("docker/ca.pem")));

/** As up does it on a host. */
function replace(path: string, text: string): void {
  writeFileSync(`${path}.new`, text, { mode: 0o600 });
  renameSync(`${path}.new`, path);
}

beforeAll(async () => {
  stage = makeLaptopStage();
  mortal = await startMortalGateway(stage);
  const kept = (name: string) => read(join(stage.home, "lines/guarded", name));
  old = { certificate: kept("docker/ca.pem"), privateKey: kept("ca/ca-key.pem") };
  next = await makeAuthority({ subject: "next", now: Date.now() });
  keys = { old: keyOf(old.certificate), next: keyOf(next.certificate) };
  const cross = await crossCertify(await openAuthority(old), next.certificate);
  const both = [old.certificate, next.certificate];
  bundles = {
    offered: formatBundle({ authorities: both, crosses: [cross] }),
    trusted: formatBundle({ authorities: both, crosses: [] }),
    switched: formatBundle({ authorities: both.toReversed(), crosses: [] }),
  };
  const publicKey = publicKeyOf(read(hostFile("key.pem")));
  const names = normaliseNames(["127.0.0.1"]);
  const switched = await issueServer(await openAuthority(next), { publicKey, names, now: Date.now() });
  servers = { offered: read(hostFile("cert.pem")), switched };
  // As up --new-ca leaves the admin's own line.
  replace(join(stage.home, "lines/guarded/docker/ca.pem"), bundles.trusted);
  await joined("bob");
  must(await run("tetherdock", "context", "create"));
}, 60_000);
afterAll(async () => {
  await mortal?.stop();
  stage?.remove();
}, 60_000);

/** Whose CA's the gateway's certificate is: by the handshake of a client that trusts both. */
async function isShown(state: "offered" | "switched"): Promise<boolean> {
  const only = join(stage.work, "only.pem");
  writeFileSync(only, state === "offered" ? old.certificate : next.certificate);
  return (
    (await run("tetherdock", "run", "--", "sh", "-c", PING.replace("$DOCKER_CERT_PATH/ca.pem", only)))
      .stdout === "OK"
  );
}

const issuingFor = () => JSON.parse(read(hostFile("issuing-ca.json"))).lineCaKey;

function put(state: "offered" | "switched"): void {
  replace(hostFile("ca.pem"), bundles[state]);
  replace(hostFile("cert.pem"), servers[state]);
}

async function until(state: "offered" | "switched"): Promise<void> {
  const line = state === "offered" ? keys.old : keys.next;
  await expect
    .poll(async () => (await isShown(state)) && issuingFor() === line, { timeout: 20_000 })
    .toBe(true);
}

/** A new client, who has not heard of another CA unless one is offered by now. */
async function joined(name: string): Promise<void> {
  client = name;
  const token = must(await stage.run("tetherdock", "client", "invite", name));
  must(await run("sh", "-c", `tetherdock join - <<'END'\n${token}\nEND`));
}

async function isCounted(): Promise<boolean> {
  const clients = JSON.parse(must(await stage.run("tetherdock", "client", "ls", "--json")));
  return clients.find(({ name }: { name: string }) => name === client).hasNewCa;
}

/** After a kill: the client works, no file is half written, and no key can be read by others. */
async function requireWhole(cas: readonly (readonly string[])[]): Promise<void> {
  expect(cas).toContainEqual(trusted());
  expect(sameKey(read(fileOf("docker/cert.pem")), read(fileOf("docker/key.pem")))).toBe(true);
  expect(readdirSync(fileOf("docker")).toSorted()).toEqual(["ca.pem", "cert.pem", "key.pem"]);
  for (const folder of ["lines", "docker/contexts/tls"])
    if (existsSync(join(home(), folder))) requirePrivate(join(home(), folder));
  const { stdout, stderr } = await run("tetherdock", "run", "--", "sh", "-c", PING);
  expect(stdout, stderr).toBe("OK");
}

/** The same command does its work, and the client is not taken for a copy of itself. */
async function requireDone(after: readonly string[]): Promise<void> {
  must(await renew());
  expect(trusted()).toEqual(after);
  await requireWhole([after]);
  const shown = must(await stage.run("tetherdock", "client", "show", client, "--json"));
  expect(JSON.parse(shown)).toMatchObject({ state: "active", renewal: { copy: null } });
  expect((await run("tetherdock", "context", "ls")).stdout).not.toContain("stale");
}

const traced = (...options: readonly string[]) =>
  run(ONE_THREAD, "strace", ...options, "-o", join(stage.work, "trace"), "tetherdock", "renew", "--force");

/** The points to kill the client's renewal at. */
async function renewalPoints(count: number, what: string): Promise<readonly Point[]> {
  must(await traced(...watching));
  return sampled(what, pointsIn(read(join(stage.work, "trace"))), count);
}

function sampled(what: string, points: readonly Point[], count: number): readonly Point[] {
  const some = sampleBy(what, points, count);
  console.log(`${what}: killed at ${some.length} of ${points.length} calls`);
  return some;
}

const told = ({ call, nth }: Point) => `${call}-${nth}`;
const trustBoth = () => replace(fileOf("docker/ca.pem"), bundles.trusted);

test("the client fetches the CA that is offered, and drops the old one", { timeout: 240_000 }, async () => {
  const both = [keys.old, keys.next];
  put("offered");
  await until("offered");
  await joined("fetches");
  const fetching = await renewalPoints(3, "fetching");
  for (const point of fetching) {
    await joined(`fetches-${told(point)}`);
    expect(await traced(...killing(point)), told(point)).not.toMatchObject({ status: 0 });
    await requireWhole([[keys.old], both]);
    // The timer types no --force.
    must(await run("tetherdock", "renew"));
    if (trusted().length > 1) expect(await isCounted(), told(point)).toBe(true);
    await requireDone(both);
    expect(await isCounted()).toBe(true);
  }
  client = "bob";
  must(await renew());
  put("switched");
  await until("switched");
  const dropping = await renewalPoints(2, "dropping");
  for (const point of dropping) {
    trustBoth();
    expect(await traced(...killing(point)), told(point)).not.toMatchObject({ status: 0 });
    await requireWhole([both, [keys.next]]);
    await requireDone([keys.next]);
  }
  expect([fetching.length > 2, dropping.length > 1]).toEqual([true, true]);
});

test("the gateway counts who has it, and takes over what up writes", { timeout: 240_000 }, async () => {
  const both = [keys.old, keys.next];
  client = "bob";
  trustBoth();
  put("offered");
  await until("offered");
  await joined("counts");
  const counting = sampled("counting", await mortal.points(renew), 2);
  let kills = 0;
  for (const point of counting) {
    await joined(`counts-${told(point)}`);
    const { killed } = await mortal.killedAt(point, renew);
    if (killed) kills++;
    await requireWhole([[keys.old], both]);
    await requireDone(both);
    expect(await isCounted()).toBe(true);
  }
  client = "bob";
  let state: "offered" | "switched" = "offered";
  const toggle = async () => {
    state = state === "offered" ? "switched" : "offered";
    put(state);
    const line = state === "offered" ? keys.old : keys.next;
    await expect.poll(() => mortal.isOver() || issuingFor() === line, { timeout: 20_000 }).toBe(true);
  };
  const switching = sampled("switching", await mortal.points(toggle), 1);
  for (const point of switching) {
    const { killed } = await mortal.killedAt(point, toggle);
    if (killed) kills++;
    await until(state);
    await requireWhole([both]);
  }
  // Its other writes, such as when clients were last seen, may come at another time.
  expect(kills).toBeGreaterThan(0);
  must(await stage.run("tetherdock", "audit", "verify"));
});

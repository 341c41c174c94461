/** `up --new-ca` and `--finish-new-ca`: the states of ADR 0032, on this machine and on a host. */
import { expect, test } from "vitest";
import { carriedOut } from "../../../test/support/app/carried-out.ts";
import { failureOf } from "../../../test/support/app/change.ts";
import { alert, PROVEN } from "../../../test/support/app/fake-outside.ts";
import { keepOnHost, killedAfter } from "../../../test/support/app/killed.ts";
import { upRequest, upWorld, type World } from "../../../test/support/app/up-world.ts";
import { NOW } from "../../../test/support/host-facts.ts";
import { DAY_MS, TetherdockError } from "../../base/index.ts";
import { CLIENT_CA, SERVER_CERTIFICATE } from "../../facts/index.ts";
import type { Client } from "../../identity/index.ts";
import type { LineFile } from "../../line/index.ts";
import { isIssuedBy, openAuthority, readBundle, readCertificate } from "../../pki/index.ts";
import type { UpRequest } from "./request.ts";
import { up } from "./up.ts";

const keyOf = (pem: string) => readCertificate(pem).publicKeyFingerprint;
const keysOf = (text: string) => readBundle(text).authorities.map(keyOf);

async function line(over: Partial<UpRequest> = {}) {
  const world = upWorld();
  const run = async (more: Partial<UpRequest> = {}, clock = NOW) => {
    const ports = { ...world.ports, clock: () => clock };
    world.host.state = { ...world.host.state, clockMs: clock };
    const result = await up(ports, upRequest(more));
    if (result.kind === "proven") world.host.state = carriedOut(world.host, result.prepared);
    return result;
  };
  const file = (name: LineFile) => world.lines.kept.get("vps")?.get(name) ?? "";
  const hostCa = () => world.host.state.ours.files.get(CLIENT_CA)?.text ?? "";
  await run({ gateway: true, ...over });
  const old = file("docker/ca.pem");
  return { world, run, file, hostCa, old };
}

function clients({ gateway }: World, ...names: string[]): void {
  for (const name of names) {
    const client: Client = {
      ...{
        name,
        fingerprint: Buffer.from(name).toString("hex").padEnd(64, "0"),
        role: "viewer",
        state: "active",
        expires: null,
      },
    };
    gateway.clients.set(name, client);
  }
}

const trusting = ({ gateway }: World, other: string, ...names: string[]) =>
  gateway.answers.set("clients", { newCa: { key: keyOf(other), clients: names } });

test("offered, finished, and 13 months later the old CA is gone", async () => {
  const { world, run, file, hostCa, old } = await line();
  await run({ newCa: true });
  const [first, next = ""] = readBundle(hostCa()).authorities;
  expect(first).toBe(readBundle(old).authorities[0]);
  expect(readBundle(hostCa()).crosses).toHaveLength(1);
  expect(keysOf(file("docker/ca.pem"))).toEqual([keyOf(old), keyOf(next)]);
  expect(isIssuedBy(file("docker/cert.pem"), old), "the old one signs on").toBe(true);
  expect((await run()).prepared.plan.changes, "a plain up stays there").toEqual([]);
  expect((await run({ newCa: true })).prepared.plan.changes, "so does another").toEqual([]);

  const { prepared } = await run({ finishNewCa: true });
  expect(prepared.plan.changes.map(({ path }) => path)).toEqual([CLIENT_CA, SERVER_CERTIFICATE]);
  expect(keysOf(hostCa())).toEqual([keyOf(next), keyOf(old)]);
  expect(readBundle(hostCa()).crosses).toEqual([]);
  expect(keysOf(file("docker/ca.pem"))).toEqual([keyOf(next)]);
  for (const signed of [file("docker/cert.pem"), world.host.certificate])
    expect(isIssuedBy(signed, next)).toBe(true);
  const pair = { certificate: file("docker/ca.pem"), privateKey: file("ca/ca-key.pem") };
  await expect(openAuthority(pair)).resolves.toBeDefined();
  expect((await run()).prepared.plan.changes).toEqual([]);
  expect(file("ca/other-ca.pem")).not.toContain("PRIVATE KEY");

  const error = await failureOf(run({ newCa: true }));
  expect(error).toMatchObject({ code: "NEW_CA_REFUSED", why: [expect.stringMatching(/end on 20/)] });
  const later = await run({ dryRun: true }, NOW + 399 * DAY_MS);
  expect(keysOf(later.prepared.desired.ca)).toEqual([keyOf(next)]);
  expect(later.prepared.plan.changes[0]).toMatchObject({ path: CLIENT_CA, kind: "write" });
});

test("an encrypted key's next one is encrypted too, and a dry run opens neither", async () => {
  const { world, run, file, hostCa } = await line({ encryptCaKey: true });
  await run({ newCa: true });
  expect(file("ca/other-ca.pem")).toContain("BEGIN ENCRYPTED PRIVATE KEY");
  const { passphrase } = world.ports.questions;
  world.ports.questions.passphrase = () => Promise.reject(new Error("asked"));
  const { prepared } = await run({ finishNewCa: true, dryRun: true });
  expect(prepared.plan.changes.map(({ path }) => path)).toEqual([CLIENT_CA, SERVER_CERTIFICATE]);
  world.ports.questions.passphrase = passphrase;
  await run({ finishNewCa: true });
  expect(keysOf(file("docker/ca.pem"))).toEqual([keysOf(hostCa())[0]]);
  expect(file("ca/ca-key.pem")).toContain("BEGIN ENCRYPTED PRIVATE KEY");
});

test("clients without it are named, and stop it; who has it, or is revoked, expired or local, does not", async () => {
  const { world, run, file, hostCa } = await line();
  await run({ newCa: true });
  const next = readBundle(hostCa()).authorities[1] ?? "";
  const before = hostCa();
  clients(world, "anna", "bob", "eva", "ci", "dan", "local");
  const change = (name: string, over: Partial<Client>) =>
    world.gateway.clients.set(name, { ...(world.gateway.clients.get(name) as Client), ...over });
  change("anna", { fingerprint: keyOf(file("docker/cert.pem")) });
  change("dan", { state: "revoked" });
  change("local", { fingerprint: null });
  trusting(world, next, "bob");
  const error = await failureOf(run({ finishNewCa: true }));
  expect(error).toMatchObject({ code: "NEW_CA_REFUSED", message: "2 clients do not have the new CA" });
  expect(error.why).toEqual(["eva", "ci"]);
  expect(error.hints[1]).toContain("tetherdock up core@vps --finish-new-ca --leave-behind");
  expect(hostCa()).toBe(before);
  trusting(world, before, "bob", "eva", "ci");
  expect(await failureOf(run({ finishNewCa: true })), "they trust another one").toMatchObject({
    code: "NEW_CA_REFUSED",
  });
  trusting(world, next, "bob");
  world.events.length = 0;
  await run({ finishNewCa: true, leaveBehind: true });
  const untilStep = world.events.slice(
    0,
    world.events.findIndex(({ kind }) => kind === "step"),
  );
  expect(untilStep).toContainEqual({ kind: "notice", id: "left-behind", names: ["eva", "ci"] });
  expect(keysOf(hostCa())[0]).toBe(keyOf(next));
});

test("CI jobs and clients of a fleet cannot fetch it: they are named before it is offered", async () => {
  const { world, run } = await line();
  clients(world, "bob", "ci", "eva");
  const ci = { name: "ci", issuer: "https://ci.example", audience: "x", claims: {}, lifeMs: 600_000 };
  world.gateway.answers.set("clients", { jobs: [ci], fleet: ["eva"] });
  await run({ newCa: true });
  const names = ["ci (CI jobs: their settings need its pin)", "eva (of the fleet: needs the new ca.pem)"];
  expect(world.events).toContainEqual({ kind: "notice", id: "by-hand", names });
  const error = await failureOf(run({ finishNewCa: true }));
  expect(error.why).toEqual(["bob", ...names]);
});

test("a gateway that does not answer is repaired all the same, but nobody is left behind unseen", async () => {
  const { world, run } = await line();
  world.gateway.failure = new TetherdockError("GATEWAY_UNREACHABLE", "down");
  await run({ newCa: true });
  expect(await failureOf(run({ finishNewCa: true }))).toMatchObject({ code: "GATEWAY_UNREACHABLE" });
  await run({ finishNewCa: true, leaveBehind: true });
  expect(world.events).toContainEqual({ kind: "notice", id: "left-behind", names: null });
});

test.each([
  ["without an offer", { finishNewCa: true }, /no new CA is offered/, "--new-ca"],
  ["together with the mode", { newCa: true, native: true }, /together with the mode/, "--native"],
  [
    "for one client of a gateway",
    { newCa: true, revoke: ["bob"] },
    /without a new CA/,
    "client revoke bob --line vps",
  ],
] as const)("refused %s", async (_what, over, message, hint) => {
  const { world, run } = await line();
  const { length } = world.host.ran;
  const error = await failureOf(run(over));
  expect(error).toMatchObject({ code: "NEW_CA_REFUSED", message: expect.stringMatching(message) });
  expect(error.hints.join()).toContain(hint);
  expect(world.host.ran.slice(length)).not.toContain("open");
});

test.each([
  [{ newCa: true, finishNewCa: true }, /two steps/],
  [{ leaveBehind: true }, /needs --finish-new-ca/],
  [{ revoke: ["bob"] }, /--revoke needs --new-ca/],
  [{ newCa: true, revoke: Array<string>(101).fill("bob") }, /--revoke can be given at most 100 times/],
] as const)("a mistake in the command: %j", async (over, message) => {
  const error = await failureOf(up(upWorld().ports, upRequest(over)));
  expect(error).toMatchObject({ code: "USAGE", message: expect.stringMatching(message) });
});

test("--revoke may be repeated a hundred times", async () => {
  const revoke = Array<string>(100).fill("bob");
  expect(await failureOf(up(upWorld().ports, upRequest({ newCa: true, revoke })))).toMatchObject({
    code: "NEW_CA_REFUSED",
  });
});

test("a host without a line gets a CA in any case", async () => {
  expect(await failureOf(up(upWorld().ports, upRequest({ newCa: true })))).toMatchObject({
    code: "NEW_CA_REFUSED",
    message: expect.stringContaining("no line yet"),
  });
});

test.each([{ newCa: true }, { finishNewCa: true }])(
  "%j undone: the state is the one before",
  async (over) => {
    const { world, run, file, hostCa, old } = await line();
    if ("finishNewCa" in over) await run({ newCa: true });
    const before = [hostCa(), file("docker/ca.pem"), file("ca/ca-key.pem"), file("docker/cert.pem")];
    world.outside.table = { ...PROVEN, line: alert };
    await failureOf(run(over));
    expect(world.host.ran).toContain("undo");
    expect([hostCa(), file("docker/ca.pem"), file("ca/ca-key.pem"), file("docker/cert.pem")]).toEqual(before);
    world.outside.table = PROVEN;
    expect((await run()).prepared.plan.changes, "a plain up changes nothing").toEqual([]);
    await run(over);
    expect(keysOf(hostCa())).toHaveLength(2);
    expect(keysOf(file("docker/ca.pem"))).toContain("finishNewCa" in over ? keysOf(hostCa())[0] : keyOf(old));
  },
);

test.each([
  [{ newCa: true }, {}],
  [{ newCa: true }, { newCa: true }],
  [{ finishNewCa: true }, {}],
  [{ finishNewCa: true }, { finishNewCa: true }],
])("%j killed at any write here, up with %j ends it", async (over, again) => {
  const isFinish = "finishNewCa" in over;
  for (let writes = 0; ; writes += 1) {
    const { world, run, file, hostCa, old } = await line();
    if (isFinish) await run({ newCa: true });
    clients(world, "bob");
    if (isFinish) trusting(world, readBundle(hostCa()).authorities[1] ?? "", "bob");
    const prepared = (await up(world.ports, upRequest({ ...over, dryRun: true }))).prepared;
    const { isKilled, isConfirmed } = await killedAfter(writes, world, () => run(over));
    // The host had confirmed: it has what was planned, and its certificate.
    if (isKilled && isConfirmed) {
      const { hostCa: planned } = prepared.identity.caChange;
      const staged = readBundle(file("ca/other-ca.pem")).authorities;
      expect(staged.length).toBeGreaterThan(0);
      const offered = `${old}${staged[0]}${readBundle(file("ca/other-ca.pem")).crosses[0]}`;
      keepOnHost(world, isFinish ? planned : offered);
      // Behind the switch, the gateway counts nobody.
      if (isFinish) world.gateway.answers.set("clients", { newCa: null });
    }
    if (isKilled) await run(again);
    const pair = { certificate: file("docker/ca.pem"), privateKey: file("ca/ca-key.pem") };
    await expect(openAuthority(pair)).resolves.toBeDefined();
    const [first] = keysOf(hostCa());
    expect(keysOf(file("docker/ca.pem"))[0]).toBe(first);
    expect(isIssuedBy(file("docker/cert.pem"), file("docker/ca.pem"))).toBe(true);
    const isWanted = !isKilled || isConfirmed || Object.keys(again).length > 0;
    expect(keysOf(hostCa()).length, `after ${writes} writes`).toBe(isWanted || isFinish ? 2 : 1);
    if (isFinish && isWanted) expect(first).not.toBe(keyOf(old));
    if (!isKilled) break;
  }
});

test("finished already, it says so; it is no mistake to type it again", async () => {
  const { run, file, hostCa } = await line();
  await run({ newCa: true });
  await run({ finishNewCa: true });
  const before = hostCa();
  expect((await run({ finishNewCa: true })).prepared.plan.changes).toEqual([]);
  expect([hostCa(), keysOf(file("docker/ca.pem"))]).toEqual([before, [keysOf(before)[0]]]);
});

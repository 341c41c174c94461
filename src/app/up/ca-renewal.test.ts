/** `up` in the last two years of a line's CA. */
import { expect, test } from "vitest";
import { carriedOut } from "../../../test/support/app/carried-out.ts";
import { failureOf } from "../../../test/support/app/change.ts";
import { alert, PROVEN } from "../../../test/support/app/fake-outside.ts";
import { killedAfter } from "../../../test/support/app/killed.ts";
import { upRequest, upWorld } from "../../../test/support/app/up-world.ts";
import { NOW } from "../../../test/support/host-facts.ts";
import { DAY_MS } from "../../base/index.ts";
import { CLIENT_CA, SERVER_CERTIFICATE } from "../../facts/index.ts";
import type { LineFile } from "../../line/index.ts";
import {
  isLocked,
  isRenewalOf,
  issueClient,
  issueServer,
  openAuthority,
  publicKeyOf,
  readCertificate,
  renewAuthority,
} from "../../pki/index.ts";
import { up } from "./up.ts";

/** A line in gateway mode whose CA has so long to go, ms; its host has the same one. */
async function oldLine(left: number, over: Parameters<typeof upRequest>[0] = { gateway: true }) {
  const world = upWorld();
  const { prepared } = await up(world.ports, upRequest(over));
  const { authority, caKey } = prepared.identity;
  // The same CA, as it would be had it been made long ago.
  const old = await renewAuthority(authority, NOW - (3_652 * DAY_MS - left));
  const { certificate: aged } = old;
  const files = world.lines.kept.get("vps");
  files?.set("docker/ca.pem", aged);
  const state = carriedOut(world.host, prepared);
  const ca = { path: CLIENT_CA, mode: "644", owner: "0:0", text: aged };
  const inForce = new Map([...state.ours.files, [CLIENT_CA, ca]]);
  if (left < 0) {
    // What this CA signed in its last days.
    const [now, names] = [NOW - 100 * DAY_MS, prepared.names.named];
    const client = { publicKey: publicKeyOf(prepared.identity.key), commonName: "anna", now };
    files?.set("docker/cert.pem", await issueClient(old, client));
    const text = await issueServer(old, { publicKey: world.host.publicKey, names, now });
    inForce.set(SERVER_CERTIFICATE, { ...ca, path: SERVER_CERTIFICATE, text });
  }
  world.host.state = { ...state, ours: { ...state.ours, files: inForce } };
  world.host.ran.length = 0;
  const file = (name: LineFile) => files?.get(name) ?? "";
  return { world, aged, caKey, file };
}

test("the CA gets a new certificate for its key, on the host and here; the others are not made again", async () => {
  const { world, aged, caKey, file } = await oldLine(600 * DAY_MS);
  const [certificate, key] = [file("docker/cert.pem"), file("docker/key.pem")];
  const { prepared } = await up(world.ports, upRequest());
  expect(prepared.plan.changes.map(({ path }) => path)).toEqual([CLIENT_CA]);
  expect(prepared.plan).toMatchObject({ gateway: "reload", restart: false });
  const next = file("docker/ca.pem");
  expect(prepared.plan.changes[0]).toMatchObject({ kind: "write", after: next });
  expect(isRenewalOf(next, aged, NOW)).toBe(true);
  expect([file("docker/cert.pem"), file("docker/key.pem")]).toEqual([certificate, key]);
  await expect(openAuthority({ certificate: next, privateKey: caKey })).resolves.toBeDefined();
});

test("before its last two years it stays", async () => {
  const { world, aged, file } = await oldLine(731 * DAY_MS);
  const { prepared } = await up(world.ports, upRequest());
  expect([prepared.plan.changes, file("docker/ca.pem")]).toEqual([[], aged]);
});

test("after its end too: it signs a new certificate for host and client", async () => {
  const { world, aged, file } = await oldLine(-DAY_MS);
  expect(readCertificate(file("docker/cert.pem")).notAfter).toBeLessThan(NOW);
  const { prepared } = await up(world.ports, upRequest());
  expect(isRenewalOf(file("docker/ca.pem"), aged, NOW)).toBe(true);
  expect(readCertificate(file("docker/cert.pem")).notAfter).toBeGreaterThan(NOW + 300 * DAY_MS);
  expect(prepared.plan.changes.map(({ path }) => path)).toEqual([CLIENT_CA, SERVER_CERTIFICATE]);
});

test("if the proof fails, the host is undone and the line keeps its CA", async () => {
  const { world, aged, file } = await oldLine(DAY_MS);
  world.outside.table = { ...PROVEN, line: alert };
  await failureOf(up(world.ports, upRequest()));
  expect(world.host.ran).toContain("undo");
  expect(file("docker/ca.pem")).toBe(aged);
});

test("killed at any write, the line has the old CA or the next; the next up ends it", async () => {
  for (let writes = 0; ; writes += 1) {
    const { world, aged, file } = await oldLine(DAY_MS);
    const { isKilled } = await killedAfter(writes, world, () => up(world.ports, upRequest()));
    const between = file("docker/ca.pem");
    expect(between === aged || isRenewalOf(between, aged, NOW)).toBe(true);
    if (!isKilled) break;
    await up(world.ports, upRequest());
    expect(isRenewalOf(file("docker/ca.pem"), aged, NOW)).toBe(true);
  }
});

test("a dry run says that the CA is written, and asks for no passphrase", async () => {
  const { world, caKey, file, aged } = await oldLine(DAY_MS, { gateway: true, encryptCaKey: true });
  expect(isLocked({ privateKey: caKey })).toBe(true);
  world.ports.questions.passphrase = () => Promise.reject(new Error("asked"));
  const { prepared } = await up(world.ports, upRequest({ dryRun: true }));
  expect(prepared.plan.changes.map(({ path }) => path)).toEqual([CLIENT_CA]);
  expect(file("docker/ca.pem")).toBe(aged);
});

/** Roles that a host's fleet brings: put in force, changed, broken, and beside the host's own. */
import { rm } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import type { FleetRole } from "../../src/fleet/index.ts";
import { accepted, fleetClient, fleetList, makeOperator, signNext } from "../support/fleet/sample-fleet.ts";
import { call } from "./support/call.ts";
import { answer, ask } from "./support/fake-docker.ts";
import type { Identity } from "./support/identities.ts";
import { Stage } from "./support/stage.ts";
import type { Wire } from "./support/wire.ts";

const NARROW = { version: 1, name: "read-few", extends: "viewer", operations: { deny: ["ContainerList"] } };
const WIDE = { version: 1, name: "read-few", extends: "viewer" };
const LIST = "/containers/json";
const key = makeOperator();

let stage: Stage;
let anna: Wire;
let eve: Identity;
let signed: Awaited<ReturnType<typeof accepted>> | null;
beforeEach(async () => {
  stage = await Stage.make();
  stage.docker.answerAll(answer(200, "[]"));
  anna = await stage.connect();
  eve = await stage.identities.client("eve");
  signed = null;
});
afterEach(() => stage.end());

/** Brings the next list to the host: eve has the role read-few. @returns who was cut */
async function bring(...roles: readonly FleetRole[]): Promise<readonly (string | null)[]> {
  const clients = [fleetClient("eve", { fingerprint: eve.fingerprint, role: "read-few" })];
  const documents = signNext(signed, key, fleetList({ clients, roles }));
  signed = await accepted(signed?.documents ?? null, documents);
  const { status, value } = await call(anna, "PUT", "fleet", documents);
  expect(status).toBe(200);
  const { cut } = (value as { receipt: { cut: { id: string; client: string }[] } }).receipt;
  expect(new Set(cut.map(({ id }) => id)).size, "each connection once").toBe(cut.length);
  return [...new Set(cut.map(({ client }) => client))];
}

/** What somebody is answered, on a connection of their own. */
async function statusOf(who: Identity | "vera", target = LIST): Promise<number> {
  const wire = await stage.connect(who);
  const text = await wire.send(ask(target, "GET", "Connection: close\r\n")).rest();
  return Number(/^HTTP\/1.1 (\d{3})/.exec(text)?.[1]);
}

const rolesThere = async () => {
  const { value } = await call(anna, "GET", "fleet");
  return (value as { fleet: { roles: unknown; withoutRole: unknown } }).fleet;
};

test("a role is in force with the list; a change cuts who has it once, and one that stays cuts nobody", async () => {
  await bring(NARROW);
  expect([await statusOf(eve), await statusOf(eve, "/info")]).toEqual([403, 200]);
  const [open, veras] = [await stage.connect(eve), await stage.connect("vera")];
  open.send(ask("/info"));
  await open.sees("200");
  expect(await bring(NARROW, { ...WIDE, name: "read-all" })).toEqual([]);
  expect(await bring(WIDE)).toEqual(["eve"]);
  await open.rest();
  expect(await statusOf(eve)).toBe(200);
  veras.send(ask("/info"));
  await veras.sees("200");
  expect((await call(anna, "GET", "roles")).value).toEqual({ roles: [], fleet: [WIDE] });
});

test("a role that this version cannot read, and one that is gone, let nobody in: the rest of the list is in force", async () => {
  await bring(WIDE);
  const open = await stage.connect(eve);
  open.send(ask("/info"));
  await open.sees("200");
  expect(await bring({ ...WIDE, later: { deny: ["*"] } }, { ...NARROW, name: "read-one" })).toEqual(["eve"]);
  expect(await statusOf(eve, "/info")).toBe(403);
  expect(await rolesThere()).toMatchObject({
    roles: {
      hidden: [],
      unusable: [{ name: "read-few", why: expect.stringMatching(/^later is not known/) }],
    },
    withoutRole: ["eve"],
  });
  expect((await call(anna, "GET", "roles")).value).toMatchObject({ fleet: [{ name: "read-one" }] });
  await bring(WIDE);
  expect(await statusOf(eve)).toBe(200);
  await bring();
  expect([await statusOf(eve, "/info"), await rolesThere()]).toMatchObject([403, { withoutRole: ["eve"] }]);
});

test("the fleet's roles are there after a restart, and gone when the host leaves", async () => {
  await bring(NARROW);
  await stage.gateway.stop();
  await stage.start();
  expect([await statusOf(eve), await statusOf(eve, "/info")]).toEqual([403, 200]);
  anna = await stage.connect();
  expect(await call(anna, "DELETE", "fleet")).toMatchObject({ status: 200 });
  expect((await call(anna, "GET", "roles")).value).toEqual({ roles: [], fleet: [] });
});

test("the fleet's role does not take the place of a narrower one of the host, even if that cannot be read", async () => {
  expect(await call(anna, "PUT", "roles/read-few", NARROW)).toMatchObject({ status: 200 });
  await stage.change("vera", { role: "read-few" });
  await bring(WIDE);
  expect([await statusOf("vera"), await statusOf(eve)]).toEqual([403, 403]);
  expect(await rolesThere()).toMatchObject({ roles: { hidden: ["read-few"], unusable: [] } });
  expect(await call(anna, "DELETE", "roles/read-few")).toMatchObject({ status: 409 });

  await stage.write("roles.json", "{");
  await expect
    .poll(() => stage.gateway.lines.some((line) => line.includes("cannot read the roles")), {
      timeout: 5_000,
    })
    .toBe(true);
  expect([await statusOf("vera"), await statusOf(eve)]).toEqual([403, 403]);
  await stage.gateway.stop();
  await stage.start();
  anna = await stage.connect();
  expect([await statusOf("vera", "/info"), await statusOf(eve, "/info")]).toEqual([403, 403]);
  expect(await rolesThere()).toMatchObject({
    roles: { hidden: [], unusable: [{ name: "read-few", why: "the host's own roles cannot be read" }] },
  });

  await rm(join(stage.folder, "roles.json"));
  await expect.poll(() => statusOf(eve), { timeout: 5_000 }).toBe(200);
});

test("an own role that could replace what a fleet's role binds is refused", async () => {
  const binding = (name: string, path: string) => ({
    version: 1,
    name,
    extends: "deployer",
    binds: [{ path }],
  });
  await bring(binding("shop-team", "/srv/shop/conf"));
  expect(await call(anna, "PUT", "roles/own-team", binding("own-team", "/srv/shop"))).toMatchObject({
    status: 400,
    value: { message: expect.stringContaining("of the role shop-team") },
  });
  const same = binding("shop-team", "/srv/shop");
  expect(await call(anna, "PUT", "roles/shop-team", same)).toMatchObject({ status: 200 });
});

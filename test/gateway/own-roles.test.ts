/** Roles of the operator's own in a gateway: put in force, replaced, removed, and what happens when their file is broken. */
import { readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { call } from "./support/call.ts";
import { answer, ask } from "./support/fake-docker.ts";
import { Stage } from "./support/stage.ts";
import type { Wire } from "./support/wire.ts";

const ROLE = { version: 1, name: "read-few", extends: "viewer", operations: { deny: ["ContainerList"] } };
const LIST = "/containers/json";

let stage: Stage;
let anna: Wire;
beforeEach(async () => {
  stage = await Stage.make();
  stage.docker.answerAll(answer(200, "[]"));
  anna = await stage.connect();
});
afterEach(() => stage.end());

const put = (role: object = ROLE) => call(anna, "PUT", "roles/read-few", role);

/** What vera is answered, on a connection of her own. */
async function vera(target: string): Promise<string> {
  const wire = await stage.connect("vera");
  return wire.send(ask(target, "GET", "Connection: close\r\n")).rest();
}

test("a role is kept, and a client has it at once; when it changes, its clients alone are cut", async () => {
  expect(await put()).toEqual({ status: 200, value: { role: "read-few" } });
  await stage.change("vera", { role: "read-few" });
  expect(await vera(LIST)).toMatch(
    /403.*the role read-few may not call ContainerList: its role file denies it/s,
  );
  expect(await vera("/info")).toMatch(/^HTTP\/1.1 200/);
  expect((await call(anna, "GET", "roles")).value).toEqual({ fleet: [], roles: [ROLE] });
  expect(JSON.parse(await readFile(join(stage.folder, "roles.json"), "utf8"))).toEqual({
    version: 1,
    roles: [ROLE],
  });

  const open = await stage.connect("vera");
  await put({ ...ROLE, operations: { deny: ["SystemInfo"] } });
  expect(await open.rest()).toBe("");
  expect(await vera(LIST)).toMatch(/^HTTP\/1.1 200/);
  expect((await call(anna, "GET", "status")).status, "an admin's connection goes on").toBe(200);
  await stage.record(({ rule, target }) => rule === "role-put" && target === "read-few");
});

test("a role that clients have is not removed; without it, they would be refused everything", async () => {
  await put();
  await stage.change("vera", { role: "read-few" });
  expect(await call(anna, "DELETE", "roles/read-few")).toMatchObject({
    status: 409,
    value: { message: expect.stringContaining("clients have the role read-few; vera") },
  });
  await stage.change("vera", { role: "gone-role" });
  expect(await vera("/info")).toMatch(/403.*your role is not defined on this host/s);
  expect(await call(anna, "DELETE", "roles/read-few")).toMatchObject({ status: 200 });
  expect(await call(anna, "DELETE", "roles/read-few")).toMatchObject({ status: 404 });
  expect((await call(anna, "GET", "roles")).value).toEqual({ roles: [], fleet: [] });
});

test.each([
  ["a name of another", { ...ROLE, name: "read-more" }, "the name is not the one in the path"],
  ["an unknown key", { ...ROLE, limit: {} }, "limit is not known"],
  [
    "an unknown operation",
    { ...ROLE, operations: { deny: ["Nothing"] } },
    "is not an operation of the Docker API",
  ],
  ["no JSON", "version: 1", "it is not JSON"],
])("a role with %s is refused, and nothing is kept", async (_what, role, told) => {
  const reply = await put(role as object);
  expect(reply).toMatchObject({ status: 400, value: { message: expect.stringContaining(told) } });
  expect((await call(anna, "GET", "roles")).value).toEqual({ roles: [], fleet: [] });
});

test("with a broken roles.json the roles in force stay, and the gateway says what is wrong", async () => {
  await put();
  await stage.change("vera", { role: "read-few" });
  await stage.write("roles.json", JSON.stringify({ version: 1, roles: [{ ...ROLE, extends: "nobody" }] }));
  const told = () => stage.gateway.lines.findLast((line) => line.includes("roles.json"));
  await expect
    .poll(told, { timeout: 5_000 })
    .toMatch(/cannot read the roles in \S+: roles\[0\]\.extends must be /);
  expect(await vera(LIST)).toMatch(/the role read-few may not call ContainerList/);
  expect(await call(anna, "PUT", "roles/read-few", ROLE)).toMatchObject({ status: 500 });

  // a gateway that starts like this serves the built-in roles, and refuses clients that have others
  await stage.gateway.stop();
  await stage.start();
  expect(await vera(LIST)).toMatch(/403.*your role is not defined on this host/s);
  await rm(join(stage.folder, "roles.json"));
  anna = await stage.connect();
  expect(await call(anna, "PUT", "roles/read-few", ROLE)).toMatchObject({ status: 200 });
  expect(await vera(LIST)).toMatch(/the role read-few may not call ContainerList/);
});

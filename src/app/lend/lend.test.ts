import { expect, test } from "vitest";
import { failureOf } from "../../../test/support/app/change.ts";
import { FakeGateway } from "../../../test/support/app/fake-gateway.ts";
import { MemoryLines } from "../../../test/support/app/lines.ts";
import { NOW } from "../../../test/support/host-facts.ts";
import { sampleLine } from "../../../test/support/sample-line.ts";
import { json, TetherdockError } from "../../base/index.ts";
import { makeAuthority } from "../../pki/index.ts";
import { lend } from "./lend.ts";
import type { LendPorts } from "./ports.ts";

const ID = "1".repeat(64);
/** The fake engine puts the key there that it is asked about. */
const OWNED = { "io.tetherdock.owner": "KEY" };
const LOAN = { line: undefined, role: "deployer", forMs: 7_200_000 };

async function stage() {
  const gateway = new FakeGateway();
  const ca = await makeAuthority({ subject: "test", now: NOW });
  const lines = new MemoryLines();
  const files = { "docker/ca.pem": ca.certificate, "docker/cert.pem": "", "docker/key.pem": "" };
  lines.keep(sampleLine({ name: "web" }), { ...files, "ca/ca-key.pem": ca.privateKey });
  const did: string[] = [];
  const seen: { states: unknown[]; variables: unknown } = { states: [], variables: null };
  const lists: Record<string, unknown> = {
    containers: [{ Id: ID, ImageID: "sha256:1", Names: ["/web"], Labels: OWNED }],
    images: [],
    networks: [{ Id: ID, Name: "net", Labels: OWNED }],
    volumes: { Volumes: [{ Name: "data", Labels: OWNED }] },
  };
  const ports: LendPorts = {
    ...{ lines, env: {}, gateway, clock: () => NOW, suffix: "x", signal: new AbortController().signal },
    passphrase: async () => "",
    realFolder: async (path) => `/srv/real/${path}`,
    folder: async () => ({
      path: "/tmp/lent",
      write: async (name) => void did.push(`write ${name}`),
      remove: async () => void did.push("remove the folder"),
    }),
    run: async (variables) => {
      seen.variables = variables;
      seen.states = [...gateway.clients.values()].map(({ role, state, expires }) => [role, state, expires]);
      did.push("run");
      return 7;
    },
    engine: {
      list: async (_access, path, reader) => {
        expect(gateway.clients.get("lend-x")?.state, "nothing new can be made").toBe("revoked");
        const found = lists[path] ?? lists[path.split(/[/?]/)[1] ?? ""];
        const [, key = ""] = /owner=([0-9a-f]{64})/.exec(decodeURIComponent(path)) ?? [];
        const read = json.read(JSON.stringify(found).replaceAll("KEY", key), reader);
        return "value" in read ? read.value : expect.fail(read.problems.join());
      },
      remove: async (_access, path) => void did.push(path),
    },
    record: (line) => void did.push(`record ${line}`),
  };
  return { ports, gateway, did, seen, lists };
}

const FILES = ["write key.pem", "write ca.pem", "write cert.pem"];

test("the client exists while the command runs; then everything that it made is removed, and its records are shown", async () => {
  const { ports, gateway, did, seen } = await stage();
  gateway.records = ["{}"];
  expect(await lend(ports, LOAN)).toEqual({ client: "lend-x", status: 7, removed: 3, failure: null });
  expect(seen.states).toEqual([["deployer", "active", new Date(NOW + LOAN.forMs).toISOString()]]);
  expect(seen.variables).toMatchObject({ DOCKER_CERT_PATH: "/tmp/lent", DOCKER_TLS_VERIFY: "1" });
  const removed = [`/containers/${ID}?force=1&v=1`, `/networks/${ID}`, "/volumes/data"];
  expect(did).toEqual([...FILES, "run", ...removed, "record {}", "remove the folder"]);
  expect([...gateway.clients.keys()]).toEqual([]);
});

test("a container that has the label from its image stays: it may be anybody's", async () => {
  const { ports, did, lists } = await stage();
  const others = "2".repeat(64);
  const labels = { "io.tetherdock.owner": "3".repeat(64) };
  Object.assign(lists, {
    containers: [
      { Id: others, ImageID: "sha256:2", Names: ["/theirs"], Labels: OWNED },
      { Id: ID, ImageID: "sha256:1", Names: ["/web"], Labels: OWNED },
    ],
    images: [{ Id: "sha256:2" }],
    "/images/sha256%3A1/json": { Config: { Labels: null } },
    "/images/sha256%3A2/json": { Config: { Labels: labels } },
  });
  expect(await lend(ports, LOAN)).toMatchObject({ removed: 3 });
  expect(did.filter((one) => one.startsWith("/containers"))).toEqual([`/containers/${ID}?force=1&v=1`]);
});

test("a command that does not start leaves nothing behind", async () => {
  const { ports, gateway, did } = await stage();
  const missing = new TetherdockError("COMMAND_NOT_FOUND", "there is no command");
  expect(await failureOf(lend({ ...ports, run: () => Promise.reject(missing) }, LOAN))).toBe(missing);
  expect([...gateway.clients.keys(), did.at(-1)]).toEqual(["remove the folder"]);
});

test("after Ctrl-C before the command starts, the client is removed", async () => {
  const { ports, gateway, did } = await stage();
  const signal = AbortSignal.abort(new TetherdockError("INTERRUPTED", "interrupted"));
  expect((await failureOf(lend({ ...ports, signal }, LOAN))).code).toBe("INTERRUPTED");
  expect([...gateway.clients.keys()]).toEqual([]);
  expect(did).not.toContain("run");
});

test("if the gateway refuses the client, only the folder has to be removed", async () => {
  const { ports, gateway, did } = await stage();
  const refusal = new TetherdockError("GATEWAY_REFUSED", "there is no such role");
  gateway.refusal = refusal;
  expect(await failureOf(lend(ports, LOAN))).toBe(refusal);
  expect(did).toEqual([...FILES, "remove the folder"]);
});

test("LEND_CLEANUP_FAILED says what could not be removed; the other steps are taken, and the command's status is kept", async () => {
  const { ports, gateway, did } = await stage();
  const remove = () => Promise.reject(new TetherdockError("GATEWAY_REFUSED", "the volume is in use"));
  const engine = { ...ports.engine, remove };
  const { status, failure } = await lend({ ...ports, engine }, LOAN);
  expect(status).toBe(7);
  expect(failure).toMatchObject({
    code: "LEND_CLEANUP_FAILED",
    why: ["the volume is in use"],
    hints: ["tetherdock client rm lend-x --line web", "tetherdock client ls --line web"],
  });
  expect([...gateway.clients.keys(), did.at(-1)]).toEqual(["remove the folder"]);
});

test("what cannot be removed does not keep the rest from being removed", async () => {
  const { ports, did } = await stage();
  const remove: typeof ports.engine.remove = async (access, path) => {
    await ports.engine.remove(access, path);
    if (path.startsWith("/containers")) throw new TetherdockError("GATEWAY_UNREACHABLE", "it takes too long");
  };
  const { failure } = await lend({ ...ports, engine: { ...ports.engine, remove } }, LOAN);
  expect(failure).toMatchObject({ why: ["it takes too long"] });
  expect(did).toEqual(
    expect.arrayContaining([`/containers/${ID}?force=1&v=1`, `/networks/${ID}`, "/volumes/data"]),
  );
});

test("a command that does not start: why comes first, and what could not be removed is told too", async () => {
  const { ports } = await stage();
  const run = () => Promise.reject(new TetherdockError("COMMAND_NOT_FOUND", "there is no command"));
  const remove = () => Promise.reject(new TetherdockError("GATEWAY_REFUSED", "the volume is in use"));
  const engine = { ...ports.engine, remove };
  expect(await failureOf(lend({ ...ports, engine, run }, LOAN))).toMatchObject({
    ...{ code: "COMMAND_NOT_FOUND", message: "there is no command", why: ["the volume is in use"] },
    hints: [expect.stringContaining("client rm lend-x"), expect.stringContaining("client ls")],
  });
});

test("a mistyped role: the hint lends the nearest one, and nothing is made", async () => {
  const { ports, gateway, did } = await stage();
  gateway.answers.set("roles", { roles: [] });
  expect(await failureOf(lend(ports, { ...LOAN, role: "deploier" }))).toMatchObject({
    code: "ROLE_UNKNOWN",
    hints: ["tetherdock lend deployer --for TIME --line web -- COMMAND", "tetherdock policy ls --line web"],
  });
  expect([...gateway.clients.keys(), ...did]).toEqual(["remove the folder"]);
});

test("a machine that joined the line has no CA key to lend with", async () => {
  const { ports, did } = await stage();
  const joined = { ...(await ports.lines.read("web")), joined: true } as const;
  const lines = Object.assign(Object.create(ports.lines), { read: async () => joined });
  expect(await failureOf(lend({ ...ports, lines }, LOAN))).toMatchObject({ code: "LINE_JOINED" });
  expect(did).toEqual([]);
});

const SHOP = { path: "/srv/shop" };

test("with a folder, the client has a role of its own, which permits binds of this folder", async () => {
  const { ports, gateway, seen } = await stage();
  gateway.answers.set("roles", { roles: [{ version: 1, name: "lend-x", extends: "deployer" }] });
  expect(await lend(ports, { ...LOAN, dir: SHOP.path })).toMatchObject({ status: 7, failure: null });
  expect(gateway.bodies[0]).toMatchObject({ name: "lend-x", extends: "deployer", binds: [SHOP] });
  expect(seen.states).toEqual([["lend-x", "active", expect.any(String)]]);
  expect(gateway.calls.at(-1)).toMatchObject({ method: "DELETE", path: "clients/lend-x" });
});

test("of a role that somebody has made, everything else stays", async () => {
  const { ports, gateway } = await stage();
  const web = { version: 1, name: "web-team", extends: "deployer", operations: { deny: ["ContainerExec"] } };
  const other = { path: "/srv/other", readOnly: true };
  const roles = [
    { ...web, binds: [other, { ...SHOP, readOnly: true }] },
    { ...web, name: "lend-x" },
  ];
  gateway.answers.set("roles", { roles });
  await lend(ports, { ...LOAN, role: "web-team", dir: SHOP.path });
  expect(gateway.bodies[0]).toMatchObject({ ...web, name: "lend-x", binds: [other, SHOP] });
});

test("on a line to this machine, the folder is one of this machine, without links", async () => {
  const { ports, gateway } = await stage();
  gateway.answers.set("roles", { roles: [{ version: 1, name: "lend-x", extends: "deployer" }] });
  const local = { ...(await ports.lines.read("web")), target: null };
  const lines = Object.assign(Object.create(ports.lines), { read: async () => local });
  await lend({ ...ports, lines }, { ...LOAN, dir: "app" });
  expect(gateway.bodies[0]).toMatchObject({ binds: [{ path: "/srv/real/app" }] });
});

test.each([
  ["a relative path on another machine", { dir: "app" }, "is to another machine"],
  ["a folder of the system", { dir: "/etc/shop" }, "cannot be lent"],
  ["a home folder", { dir: "/home/anna" }, "cannot be lent"],
  ["the role admin", { dir: "/srv/shop", role: "admin" }, "an admin may bind"],
  ["a role without containers", { dir: "/srv/shop", role: "viewer" }, "cannot be lent"],
])("%s: nothing is made", async (_what, more, text) => {
  const { ports, gateway, did } = await stage();
  expect(await failureOf(lend(ports, { ...LOAN, ...more }))).toMatchObject({
    code: "USAGE",
    message: expect.stringContaining(text),
  });
  expect([gateway.bodies, did]).toEqual([[], ["remove the folder"]]);
});

test("if the client cannot be added, its role is removed", async () => {
  const { ports, gateway } = await stage();
  gateway.answers.set("roles", { roles: [] });
  expect((await failureOf(lend(ports, { ...LOAN, dir: SHOP.path }))).code).toBe("ROLE_UNKNOWN");
  expect(gateway.calls.at(-1)).toMatchObject({ method: "DELETE", path: "roles/lend-x" });
});

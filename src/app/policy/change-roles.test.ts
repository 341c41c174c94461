/** Role files that are put in force, and roles that are removed: what the gateway is asked, and what is refused first. */
import { describe, expect, test } from "vitest";
import { failureOf } from "../../../test/support/app/change.ts";
import { FakeGateway } from "../../../test/support/app/fake-gateway.ts";
import { MemoryLines } from "../../../test/support/app/lines.ts";
import { sampleLine } from "../../../test/support/sample-line.ts";
import { ROLE_NAMES } from "../../policy/index.ts";
import { listRoles, showRole } from "../roles/index.ts";
import { applyFiles, removeRole } from "./change-roles.ts";
import { findRole } from "./find-role.ts";

const TEXT = (name: string, more = "") => `version: 1\nname: ${name}\nextends: deployer\n${more}`;
const source = (name: string, more = {}) => ({ version: 1, name, extends: "deployer", ...more });

function stage(...roles: readonly object[]) {
  const gateway = new FakeGateway();
  gateway.answers.set("roles", { roles });
  const lines = new MemoryLines();
  for (const name of ["web", "api"]) lines.keep(sampleLine({ name }));
  const texts: Record<string, string> = {
    "web.yaml": TEXT("web-team"),
    "db.yaml": TEXT("db-team", "description: data\n"),
    "bad.yaml": "version: 2\n",
    "double.yaml": TEXT("web-team"),
  };
  const ports = {
    ...{ lines, env: { TETHERDOCK_LINE: "web" }, gateway, clock: () => 0 },
    readText: async (path: string) => texts[path] ?? expect.fail(path),
  };
  const client = (name: string, role: string) => {
    gateway.clients.set(name, { name, fingerprint: "a".repeat(64), role, state: "active", expires: null });
  };
  const changes = () => gateway.calls.filter(({ method }) => method !== "GET");
  return { ports, gateway, client, changes };
}

describe("apply", () => {
  test("sends what is new or has changed, and nothing else", async () => {
    const { ports, gateway, changes } = stage(source("web-team"), source("db-team"));
    expect(await applyFiles(ports, undefined, ["web.yaml", "db.yaml"])).toEqual([
      { name: "web-team", change: "unchanged" },
      { name: "db-team", change: "changed" },
    ]);
    expect(changes()).toEqual([{ line: "web", method: "PUT", path: "roles/db-team" }]);
    expect(gateway.bodies).toEqual([source("db-team", { description: "data" })]);
  });

  test("a role that the gateway does not have is new", async () => {
    const { ports, gateway, changes } = stage();
    expect(await applyFiles(ports, "api", ["web.yaml"])).toEqual([{ name: "web-team", change: "new" }]);
    expect(changes()).toEqual([{ line: "api", method: "PUT", path: "roles/web-team" }]);
    expect(gateway.bodies).toEqual([source("web-team")]);
  });

  test.each([
    [["web.yaml", "bad.yaml"], /^bad\.yaml has \d+ problems$/, ["tetherdock policy check bad.yaml"]],
    [["web.yaml", "double.yaml"], /^double\.yaml has a problem$/, ["tetherdock policy check double.yaml"]],
    [
      ["bad.yaml", "web.yaml", "double.yaml"],
      /^2 files have \d+ problems$/,
      ["tetherdock policy check bad.yaml double.yaml"],
    ],
  ])("%j: nothing is sent if a file is wrong", async (paths, message, hints) => {
    const { ports, gateway } = stage();
    const error = await failureOf(applyFiles(ports, undefined, paths));
    expect(error).toMatchObject({ code: "ROLE_FILE_BROKEN", message: expect.stringMatching(message), hints });
    expect(gateway.calls).toEqual([]);
  });

  test("two files with one role: the error names both", async () => {
    const error = await failureOf(applyFiles(stage().ports, undefined, ["web.yaml", "double.yaml"]));
    expect(error.why).toEqual(["double.yaml:1:1: the role web-team is also in web.yaml"]);
  });
});

describe("rm", () => {
  test("removes a role that no client has", async () => {
    const { ports, client, changes } = stage(source("web-team"));
    client("anna", "admin");
    await removeRole(ports, undefined, "web-team");
    expect(changes()).toEqual([{ line: "web", method: "DELETE", path: "roles/web-team" }]);
  });

  test("a role that clients have stays, and the error names them", async () => {
    const { ports, client, changes } = stage(source("web-team"));
    for (let index = 0; index < 25; index++) client(`c${index}`, "web-team");
    client("other", "viewer");
    const why = ["c0", "c1", "c18", "c19"];
    for (const [line, hints] of [
      [undefined, ["tetherdock client role c0 ROLE", "tetherdock client ls"]],
      ["web", ["tetherdock client role c0 ROLE --line web", "tetherdock client ls --line web"]],
    ] as const) {
      const error = await failureOf(removeRole(ports, line, "web-team"));
      expect(error).toMatchObject({
        code: "ROLE_IN_USE",
        message: "clients have the role web-team",
        hints,
      });
      for (const name of why) expect(error.why.join()).toMatch(new RegExp(`\\b${name}\\b`));
      expect(error.why.join()).not.toMatch(/c20|other/);
    }
    expect(changes()).toEqual([]);
  });

  test("a role that somebody is invited with stays too", async () => {
    const { ports, gateway, changes } = stage(source("web-team"));
    gateway.invitations = [
      {
        name: "eva@desk",
        role: "web-team",
        expires: null,
        state: "invited",
        fingerprint: null,
        until: "2026-12-01T00:00:00Z",
      },
    ];
    expect(await failureOf(removeRole(ports, undefined, "web-team"))).toMatchObject({
      ...{ code: "ROLE_IN_USE", why: ["they are eva@desk"], hints: ["tetherdock client ls"] },
    });
    expect(changes()).toEqual([]);
    expect(gateway.calls.map(({ path }) => path)).toEqual(["roles", "clients"]);
  });

  test("a role that somebody else removes meanwhile: the gateway has the last word", async () => {
    const { ports, gateway, changes } = stage(source("web-team"));
    const { call } = gateway;
    Object.assign(gateway, {
      call: async (...[access, asked, reader]: Parameters<typeof call>) => {
        const answer = await call(access, asked, reader);
        gateway.answers.set("roles", { roles: [] });
        return answer;
      },
    });
    await removeRole(ports, undefined, "web-team");
    expect(changes()).toEqual([{ line: "web", method: "DELETE", path: "roles/web-team" }]);
  });

  test("an unknown role: the error has the command with the nearest name", async () => {
    const { ports, changes } = stage(source("web-team"), source("db-team"));
    expect(await failureOf(removeRole(ports, undefined, "web-taem"))).toMatchObject({
      code: "ROLE_UNKNOWN",
      why: [expect.stringContaining("did you mean web-team?"), expect.stringContaining("web-team, db-team")],
      hints: ["tetherdock policy rm web-team", "tetherdock policy ls"],
    });
    expect(changes()).toEqual([]);
  });

  test("a built-in role has no file and is not removed", async () => {
    const { ports, changes } = stage();
    for (const name of ROLE_NAMES)
      expect(await failureOf(removeRole(ports, undefined, name))).toMatchObject({
        ...{ code: "ROLE_UNKNOWN", message: `the role ${name} is built in`, why: ["it has no file"] },
        hints: ["tetherdock help roles", "tetherdock policy ls"],
      });
    expect(changes()).toEqual([]);
  });

  test("without roles of one's own, an unknown role has no similar name", async () => {
    expect(await failureOf(removeRole(stage().ports, undefined, "web-team"))).toMatchObject({
      ...{ message: "there is no role web-team", why: [], hints: ["tetherdock policy ls"] },
    });
  });
});

describe("ls and show", () => {
  test("the built-in roles and the line's own, with their clients", async () => {
    const { ports, client, gateway } = stage(
      source("web-team", { description: "the web" }),
      source("db-team"),
    );
    client("anna", "admin");
    client("bob", "web-team");
    client("carl", "web-team");
    const roles = await listRoles(ports, "api");
    expect(roles.map(({ name }) => name)).toEqual([...ROLE_NAMES, "web-team", "db-team"]);
    expect(roles.find(({ name }) => name === "admin")).toEqual({
      ...{ name: "admin", extends: null, clients: ["anna"], description: expect.stringMatching(/^may \S/) },
      fleet: false,
    });
    expect(roles.slice(-2)).toEqual([
      {
        ...{ name: "web-team", extends: "deployer", description: "the web", clients: ["bob", "carl"] },
        fleet: false,
      },
      { name: "db-team", extends: "deployer", description: "", clients: [], fleet: false },
    ]);
    expect(gateway.calls.map(({ line, method }) => [line, method])).toEqual([
      ["api", "GET"],
      ["api", "GET"],
    ]);
  });

  test("one role, with its file", async () => {
    const { ports } = stage(source("db-team"), source("web-team", { limits: {} }));
    expect(await showRole(ports, undefined, "web-team")).toEqual({
      ...{ name: "web-team", extends: "deployer", description: "" },
      source: source("web-team", { limits: {} }),
      fleet: false,
    });
  });
});

test("a role that only a newer version can read is an error, not a crash", async () => {
  const { ports } = stage(source("web-team", { limits: { fromTheFuture: {} } }));
  expect(await failureOf(findRole(ports, "api", "web-team"))).toMatchObject({
    code: "ROLE_FILE_BROKEN",
    why: [expect.stringContaining("fromTheFuture"), "the gateway may be newer than this tetherdock"],
    hints: ["tetherdock gateway status api"],
  });
});

/** Which role a text stands for. */
import { expect, test } from "vitest";
import { failureOf } from "../../../test/support/app/change.ts";
import { FakeGateway } from "../../../test/support/app/fake-gateway.ts";
import { MemoryLines } from "../../../test/support/app/lines.ts";
import { sampleLine } from "../../../test/support/sample-line.ts";
import { compileRole, defaultRole } from "../../policy/index.ts";
import { findRole, roleOfClient } from "./find-role.ts";

const FILE = "version: 1\nname: web-team\nextends: viewer\n";

/** Two lines, and a gateway that has these roles. */
function stage(...roles: readonly object[]) {
  const gateway = new FakeGateway();
  gateway.answers.set("roles", { roles });
  const lines = new MemoryLines();
  for (const name of ["web", "api"]) lines.keep(sampleLine({ name }));
  const read: string[] = [];
  const readText = async (path: string) => {
    read.push(path);
    return FILE;
  };
  const ports = { lines, env: { TETHERDOCK_LINE: "web" }, gateway, clock: () => 0, readText };
  return { gateway, ports, read, find: (text: string, line?: string) => findRole(ports, line, text) };
}

test("a built-in role, and a path with a dot or a slash: no gateway is asked", async () => {
  const { find, gateway, read } = stage();
  const builtIn = compileRole(defaultRole("viewer"));
  expect([...(await find("viewer")).decisions.keys()]).toEqual([...builtIn.decisions.keys()]);
  expect(read).toEqual([]);
  for (const path of ["web.yaml", "roles/web"]) expect(await find(path)).toMatchObject({ name: "web-team" });
  expect(read).toEqual(["web.yaml", "roles/web"]);
  expect(gateway.calls).toEqual([]);
});

test("any other word is a role of the line's gateway", async () => {
  const { find, gateway, read } = stage({ version: 1, name: "web-team", extends: "viewer" });
  expect(await find("web-team", "api")).toMatchObject({ name: "web-team", admin: false });
  expect((await failureOf(find("db-team"))).code).toBe("ROLE_UNKNOWN");
  expect(gateway.calls.map(({ line }) => line)).toEqual(["api", "web"]);
  expect(read).toEqual([]);
});

test("a role that a newer gateway has is an error with its problems, and no bug of ours", async () => {
  const { find } = stage({ version: 2, name: "web-team", extends: "viewer", later: 1 });
  expect(await failureOf(find("web-team"))).toMatchObject({
    ...{ code: "ROLE_FILE_BROKEN", message: "this version cannot read the gateway's role web-team" },
    why: [
      expect.stringMatching(/^later is not known/),
      "version must be 1; 2 needs a newer tetherdock",
      expect.stringContaining("newer"),
    ],
    hints: ["tetherdock gateway status"],
  });
  expect((await failureOf(find("web-team", "api"))).hints).toEqual(["tetherdock gateway status api"]);
});

test("a client's role is asked of the gateway", async () => {
  const { gateway, ports, read } = stage({ version: 1, name: "web-team", extends: "viewer" });
  const client = { fingerprint: "a".repeat(64), state: "active", expires: null } as const;
  gateway.clients.set("ann", { ...client, name: "ann", role: "web-team" });
  expect(await roleOfClient(ports, undefined, "ann", [])).toMatchObject({
    name: "web-team",
    role: { name: "web-team" },
  });
  expect(read).toEqual([]);
  expect(await failureOf(roleOfClient(ports, "api", "anna", ["docker", "ps"]))).toMatchObject({
    code: "CLIENT_UNKNOWN",
    hints: [
      "tetherdock policy explain --client ann --line api -- docker ps",
      "tetherdock client ls --line api",
    ],
  });
});

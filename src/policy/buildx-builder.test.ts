/** What a refusal says when buildx starts a builder of its own. */
import { describe, expect, test } from "vitest";
import { askRole } from "../../test/support/policy/ask-role.ts";
import { json } from "../base/index.ts";
import { compileRole, defaultRole, type Role, type RoleName, readOwnRole } from "./index.ts";

const CREATE = "POST /v1.45/containers/create?name=buildx_buildkit_default";
const PULL = "POST /v1.45/images/create?fromImage=moby%2Fbuildkit&tag=buildx-stable-1";
const INSPECT = "GET /v1.45/containers/buildx_buildkit_default/json";
const BODY = Buffer.from('{"Image":"moby/buildkit:buildx-stable-1","HostConfig":{"Privileged":true}}');

const NO_ROLE =
  "; buildx starts a builder of its own because this role may not build here: ask an admin for a role that may build";
const NOT_HERE =
  "; buildx starts a builder of its own because it does not build with the engine's: try docker buildx use default, or DOCKER_BUILDKIT=0, which works on every engine or says why not";

async function reason(role: Role, call: string, body = BODY): Promise<string> {
  const verdict = await askRole(role).verdictOn(call, call === CREATE ? body : "");
  return verdict.allow ? "allowed" : verdict.reason;
}

const builtIn = (name: RoleName) => compileRole(defaultRole(name));

function limited(): Role {
  const source = {
    version: 1,
    name: "web-team",
    extends: "deployer",
    limits: { images: { allow: ["nginx"] } },
  };
  const read = json.read(JSON.stringify(source), readOwnRole);
  return "value" in read ? read.value.role : expect.fail(read.problems.join("\n"));
}

describe("a refusal of buildx's own builder", () => {
  test.each<[RoleName, string, string]>([
    ["viewer", PULL, NO_ROLE],
    ["viewer", PULL.replace("=moby", "=docker.io%2Fmoby"), NO_ROLE],
    ["viewer", CREATE, NO_ROLE],
    ["operator", CREATE, NO_ROLE],
    ["deployer", CREATE, NOT_HERE],
    ["builder", INSPECT, NOT_HERE],
    ["builder", CREATE, NOT_HERE],
  ])("%s, %s", async (name, call, end) => {
    const text = await reason(builtIn(name), call);
    expect(text).toMatch(
      new RegExp(`^the role ${name} may not call (?:Image|Container)(?:Create|Inspect): `),
    );
    expect(text.slice(-end.length)).toBe(end);
  });

  test("by a limit of a role of one's own", async () => {
    expect(await reason(limited(), PULL)).toBe(
      `the role web-team may not call ImageCreate: fromImage is "moby/buildkit:buildx-stable-1": use an image from nginx (limit images)${NOT_HERE}`,
    );
  });

  test.each<[RoleName, string]>([
    ["viewer", PULL.replace("buildkit", "buildkit-other")],
    ["viewer", "POST /v1.45/images/create?fromImage=web&tag=moby%2Fbuildkit"],
    ["viewer", "POST /v1.45/images/create?fromImage=%zz"],
    ["deployer", CREATE.replace("buildx_", "web_")],
    ["builder", INSPECT.replace("buildx_", "web_")],
    ["deployer", INSPECT],
  ])("%s, %s: another refusal says nothing of buildx", async (name, call) => {
    const text = await reason(builtIn(name), call);
    expect(text).not.toBe("allowed");
    expect(text).not.toContain("buildx starts");
  });

  test("what is allowed stays allowed", async () => {
    expect(await reason(builtIn("deployer"), CREATE, Buffer.from('{"Image":"tiny"}'))).toBe("allowed");
    expect(await reason(builtIn("deployer"), PULL)).toBe("allowed");
  });
});

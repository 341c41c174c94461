/** The role builder, without an engine: which images it may name, push and remove, and that it runs nothing. */
import { describe, expect, test } from "vitest";
import { askRole } from "../../test/support/policy/ask-role.ts";
import { emptyEngine, ME, OTHER } from "../../test/support/policy/engine.ts";
import { operations } from "../engine/index.ts";
import { BUILDER_LABEL, compileRole, defaultRole, type EngineLookup, type FoundImage } from "./index.ts";

const MINE = "1".repeat(64);
const THEIRS = "2".repeat(64);
const imageOf = (id: string, owner: string): FoundImage => ({
  id: `sha256:${id}`,
  labels: { [BUILDER_LABEL]: owner },
  hasTriggers: false,
  platform: "linux/amd64",
});
const mine = imageOf(MINE, ME);
const theirs = imageOf(THEIRS, OTHER);
const plain: FoundImage = { ...theirs, labels: {} };
const IMAGES: Readonly<Record<string, FoundImage>> = {
  ...{ mine, "reg.test:5000/a/mine:1": mine, [MINE]: mine, [MINE.slice(0, 12)]: mine },
  ...{ [`sha256:${MINE}`]: mine, "mine:latest": mine },
  ...{ theirs, "theirs:latest": theirs, [THEIRS]: theirs, plain, "plain:latest": plain },
};
const engine: EngineLookup = {
  ...emptyEngine,
  findImage: async (ref) => IMAGES[ref] ?? null,
  inspectImage: async (ref) => IMAGES[ref]?.labels ?? null,
};
const builder = compileRole(defaultRole("builder"));
const { ask, sent, why } = askRole(builder, engine);

describe("a tag", () => {
  test("counts, because Docker keeps the name", async () => {
    const mayKeep = (bytes: number) => bytes < 8 * 1024;
    expect(await ask("POST /images/mine/tag?repo=new", "", { mayKeep })).toMatchObject({
      ...{ allow: false, rule: expect.stringMatching(/:kept$/) },
    });
  });

  test.each([
    ["POST /v1.41/images/mine/tag?repo=new&tag=1", `/v1.41/images/sha256%3A${MINE}/tag?repo=new&tag=1`],
    [
      "POST /images/mine/tag?repo=reg.test%3A5000%2Fa%2Fb",
      `/images/sha256%3A${MINE}/tag?repo=reg.test%3A5000%2Fa%2Fb`,
    ],
    [`POST /images/${MINE.slice(0, 12)}/tag?repo=mine`, `/images/sha256%3A${MINE}/tag?repo=mine`],
  ])("%s goes to the engine with the ID of the image that was inspected", async (line, target) => {
    expect(await sent(line)).toEqual({ target, body: null });
  });

  test.each([
    ["POST /images/theirs/tag?repo=new", "403 .*you did not build the image.*check builder"],
    ["POST /images/plain/tag?repo=new", "403 .*check builder"],
    ["POST /images/gone/tag?repo=new", "404 No such image: gone"],
    ["POST /images/mine/tag?repo=theirs", "403 .*that you did not build.*check imageName"],
    ["POST /images/mine/tag?repo=theirs&tag=latest", "403 .*check imageName"],
    ["POST /images/mine/tag?repo=plain", "403 .*check imageName"],
    [`POST /images/mine/tag?repo=${THEIRS.slice(0, 12)}`, "403 .*looks like an ID.*check imageName"],
    ["POST /images/mine/tag?repo=a%3A1&tag=2", "403 .*check imageName"],
    ["POST /images/mine/tag?repo=a%40sha256%3A00", "403 .*check imageName"],
    ["POST /images/mine/tag?tag=1", "403 .*check query"],
    ["POST /images/mine/tag?repo=new&repo=theirs", "403 .*check query"],
    ["POST /images/mine/tag?repo=new&force=1", "403 .*check query"],
  ])("%s is refused", async (line, reason) => {
    expect(await why(line)).toMatch(new RegExp(reason));
  });
});

describe("a push", () => {
  test.each([
    [
      "POST /v1.41/images/reg.test:5000/a/mine/push?tag=1",
      "/v1.41/images/reg.test%3A5000%2Fa%2Fmine/push?tag=1",
    ],
    ["POST /images/mine/push?tag=latest", "/images/mine/push?tag=latest"],
  ])("%s is allowed", async (line, target) => {
    expect(await sent(line)).toEqual({ target, body: null });
  });

  test.each([
    ["POST /images/theirs/push?tag=latest", "403 .*you did not build.*check builder"],
    ["POST /images/mine/push", "403 .*--all-tags is not allowed.*check push"],
    ["POST /images/mine/push?tag=", "403 .*check push"],
    ["POST /images/mine:1/push?tag=2", "403 .*check push"],
    [`POST /images/${MINE}/push?tag=sha256`, "404 No such image"],
    ["POST /images/gone/push?tag=1", "404 No such image: gone:1"],
    ["POST /images/mine/push?tag=latest&x=1", "403 .*check query"],
  ])("%s is refused", async (line, reason) => {
    expect(await why(line)).toMatch(new RegExp(reason));
  });
});

describe("removal", () => {
  test.each([
    ["DELETE /images/mine?noprune=1", "/images/mine?noprune=1"],
    [`DELETE /images/${MINE.slice(0, 12)}`, `/images/sha256%3A${MINE}`],
    [`DELETE /images/sha256:${MINE}`, `/images/sha256%3A${MINE}`],
  ])("%s is allowed", async (line, target) => {
    expect((await sent(line)).target).toBe(target);
  });

  test.each([
    ["DELETE /images/theirs", "check builder"],
    [`DELETE /images/${THEIRS}`, "check builder"],
    ["DELETE /images/mine?force=1", "check query"],
    ["DELETE /images/gone", "404 No such image"],
  ])("%s is refused", async (line, reason) => {
    expect(await why(line)).toContain(reason);
  });

  test("prune is narrowed to the client's images", async () => {
    const target =
      (await sent('POST /images/prune?filters={"label":["a"],"dangling":["false"]}')).target ?? "";
    expect(JSON.parse(new URLSearchParams(target.split("?")[1]).get("filters") ?? "")).toEqual({
      label: { a: true, [`${BUILDER_LABEL}=${ME}`]: true },
      dangling: { false: true },
    });
  });
});

test("docker login's body is written anew, and an unknown field is refused", async () => {
  const body = { Username: "u", password: "p", ServerAddress: "reg.test:5000" };
  expect(await sent("POST /auth", body)).toEqual({
    target: "/auth",
    body: { username: "u", password: "p", serveraddress: "reg.test:5000" },
  });
  expect(await why("POST /auth", { ...body, command: "x" })).toContain("check unknownField");
});

test("nothing that creates, enters or reads a container, volume, network, plugin or swarm is allowed", () => {
  const allowed = operations.filter((operation) => builder.decisions.get(operation)?.allow !== false);
  expect(allowed.map(({ name }) => name).toSorted()).toEqual([
    ...[
      "Grpc",
      "ImageBuild",
      "ImageCreate",
      "ImageDelete",
      "ImageInspect",
      "ImageList",
      "ImagePrune",
      "ImagePush",
      "ImageTag",
    ],
    ...["Session", "SystemAuth", "SystemInfo", "SystemPing", "SystemPingHead", "SystemVersion"],
  ]);
});

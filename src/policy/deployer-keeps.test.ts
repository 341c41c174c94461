/** What a client makes stays in Docker's memory, so it may make only so much in a time. */
import { expect, test } from "vitest";
import { askRole } from "../../test/support/policy/ask-role.ts";
import { CONFINED, containerOf, emptyEngine, ME } from "../../test/support/policy/engine.ts";
import { OneAtATime } from "../base/index.ts";
import { OWNER_LABEL } from "./body/model/index.ts";
import { compileRole, defaultRole, type EngineLookup } from "./index.ts";

const STRUCTURE = 8 * 1024;
const ID = "1".repeat(64);

/** @returns what is asked about, of images and volumes, and how much each call keeps */
function watched(role: "deployer" | "operator", may = true, isSampled = true) {
  const asked: string[] = [];
  let stake = 0;
  const kept: number[] = [];
  const engine: EngineLookup = {
    ...emptyEngine,
    inspectContainer: async () => ({ ...containerOf(ME), ...CONFINED, variables: 1_000 }),
    inspectImage: async () => ({}),
    inspectNetwork: async () => ({ id: ID, labels: { [OWNER_LABEL]: ME } }),
    imageBytes: async (ref, platform) => {
      asked.push(`${ref}${platform && ` for ${platform}`}, at stake ${stake}`);
      return 5_000;
    },
    createVolume: async (name) => {
      asked.push(name);
      return { [OWNER_LABEL]: ME };
    },
  };
  const mayKeep = (bytes: number) => {
    kept.push(bytes);
    return may;
  };
  const ifLeft = (bytes: number) => {
    stake = bytes;
  };
  const chance = (times: number) => times === 8 && isSampled;
  const ask = (line: string, body: object) =>
    askRole(compileRole(defaultRole(role)), engine).ask(line, body, { mayKeep, chance, ifLeft });
  return { ask, asked, kept };
}

const makes = [
  ["POST /containers/create", { Image: "web" }, 8 * 2 * 5_000],
  ["POST /containers/web/exec", { Cmd: ["sh"] }, 16_000],
  ["POST /networks/create", { Name: "front" }, 0],
  ["POST /networks/front/connect", { Container: "web" }, 0],
  ["POST /volumes/create", { Name: "data" }, 0],
] as const;
const roles = ["deployer", "operator"] as const;
const rows = roles.flatMap((role) => makes.map((made) => [role, ...made] as const));

test.each(rows)(
  "%s: %s counts with its body, and with what Docker copies",
  async (role, line, body, copied) => {
    const { ask, kept } = watched(role);
    expect(await ask(line, body)).toMatchObject({ allow: true });
    expect(kept).toEqual([STRUCTURE + 2 * JSON.stringify(body).length + copied]);
  },
);

test.each(rows)("%s: %s is refused when it is too much, and makes nothing", async (role, line, body) => {
  const { ask, asked } = watched(role, false);
  expect(await ask(line, body)).toMatchObject({
    ...{ allow: false, rule: expect.stringMatching(/:kept$/) },
    reason: expect.stringContaining("wait some minutes, or ask an admin to raise keptBytes"),
  });
  expect(asked.filter((name) => !name.startsWith("web,"))).toEqual([]);
});

test("of eight creates, one asks how large the image's configuration is, and counts for all", async () => {
  const { ask, asked, kept } = watched("deployer", true, false);
  await ask("POST /containers/create", { Image: "web" });
  expect([asked, kept]).toEqual([[], [STRUCTURE + 2 * '{"Image":"web"}'.length]]);
});

test("who leaves while the engine is asked pays for eight large images", async () => {
  const { ask, asked } = watched("deployer");
  await ask("POST /containers/create", { Image: "web" });
  expect(asked).toEqual([`web, at stake ${8 * 16 * 1024 * 1024}`]);
});

test("the configuration is that of the platform for which the container is made", async () => {
  const { ask, asked } = watched("deployer");
  await ask("POST /containers/create?platform=linux/arm64", { Image: "web" });
  expect(asked).toEqual([`web for linux/arm64, at stake ${8 * 16 * 1024 * 1024}`]);
});

test("many small values count more than their text", async () => {
  const { ask, kept } = watched("deployer");
  const body = { Cmd: Array.from({ length: 1_001 }, () => "") };
  await ask("POST /containers/web/exec", body);
  expect(kept).toEqual([STRUCTURE + 2 * JSON.stringify(body).length + 128 * 1_000 + 16_000]);
});

const mounts = (count: number) =>
  Array.from({ length: count }, (_, at) => ({ Type: "tmpfs", Target: `/m${at}` }));
const names = (count: number) => Array.from({ length: count }, (_, at) => `n${at}`);

test.each([
  ["binds of one volume", { HostConfig: { Binds: names(100).map((n) => `data:/${n}`) } }, 100 * 3_072],
  ["tmpfs mounts", { HostConfig: { Mounts: mounts(100) } }, 100 * 3_072],
  [
    "volumes without a name",
    { Volumes: Object.fromEntries(names(100).map((n) => [`/${n}`, {}])) },
    100 * 3_072,
  ],
  [
    "aliases on a network",
    { NetworkingConfig: { EndpointsConfig: { front: { Aliases: names(100) } } } },
    100 * 640,
  ],
])("%s count as what Docker makes of them", async (_what, more, made) => {
  const { ask, kept } = watched("deployer", true, false);
  const body = { Image: "web", ...more };
  await ask("POST /containers/create", body);
  const text = JSON.stringify(body);
  const commas = text.split(",").length - 1;
  expect(kept).toEqual([STRUCTURE + 2 * text.length + 128 * commas + made]);
});

test("aliases on a network count at a connection, too", async () => {
  const { ask, kept } = watched("deployer");
  const body = { Container: "web", EndpointConfig: { Aliases: names(10) } };
  await ask("POST /networks/front/connect", body);
  expect(kept).toEqual([STRUCTURE + 2 * JSON.stringify(body).length + 128 * 10 + 640 * 10]);
});

test.each([
  ["1,000", Object.fromEntries(names(1_000).map((name) => [name, ""])), true],
  ["1,001", Object.fromEntries(names(1_001).map((name) => [name, ""])), false],
  ["64 KiB", { a: "x".repeat(65_535) }, true],
  ["a byte more", { a: "x".repeat(65_536) }, false],
  ["a byte more, in fewer characters", { a: `${"€".repeat(21_845)}x` }, false],
])("labels: %s", async (_what, Labels, isAllowed) => {
  const { ask, kept } = watched("deployer");
  const answer = await ask("POST /containers/create", { Image: "web", Labels });
  expect(answer).toMatchObject(
    isAllowed ? { allow: true } : { allow: false, reason: expect.stringContaining("at most 1000 labels") },
  );
  expect(kept.length).toBe(isAllowed ? 1 : 0);
});

test("what makes nothing does not count", async () => {
  const { ask, kept } = watched("deployer");
  await ask("POST /containers/web/update", {});
  await ask("POST /containers/web/exec", { Privileged: true });
  await ask("POST /containers/create", { HostConfig: { Privileged: true } });
  expect(kept).toEqual([]);
});

test.each(["", "a//b", "../containers/x", "a/./b", "a/"])(
  "the image %j is not asked about: Docker would clean the path",
  async (Image) => {
    const { ask, asked } = watched("deployer");
    expect(await ask("POST /containers/create", { Image })).toMatchObject({ allow: true });
    expect(asked).toEqual([]);
  },
);

test("many creates at once are counted one after the other: none passes while an image is looked at", async () => {
  const order: string[] = [];
  const looked = Promise.withResolvers<number>();
  const engine: EngineLookup = {
    ...emptyEngine,
    imageBytes: () => {
      order.push("asked");
      return looked.promise;
    },
  };
  const turns = new OneAtATime();
  const chances = [true, false];
  const over = {
    chance: () => chances.shift() ?? false,
    inTurn: <T>(work: () => Promise<T>) => turns.run(work),
    mayKeep: (bytes: number) => order.push(bytes > 10 ** 6 ? "large" : "small") === 2,
  };
  const { ask } = askRole(compileRole(defaultRole("deployer")), engine);
  const both = [1, 2].map(() => ask("POST /containers/create", { Image: "web" }, over));
  await expect.poll(() => order).toEqual(["asked"]);
  looked.resolve(10 ** 6);
  const [first, second] = await Promise.all(both);
  expect(order).toEqual(["asked", "large", "small"]);
  expect([first?.allow, second?.allow]).toEqual([true, false]);
});

const labels = Object.fromEntries(Array.from({ length: 2_000 }, (_, at) => [`n${at}`, ""]));

test.each([
  ["POST /containers/web/start", false],
  ["POST /containers/web/kill?signal=CONT", false],
  ["POST /containers/web/exec", false],
  ["GET /containers/web/top", false],
  ["POST /containers/web/attach", false],
  ["GET /containers/web/json", true],
  ["GET /containers/web/stats", true],
  ["POST /containers/web/wait", true],
  ["POST /containers/web/stop", true],
  ["GET /containers/web/logs?stdout=1", true],
  ["DELETE /containers/web?force=1", true],
] as const)("a container that has thousands of labels by its image: %s", async (line, isAllowed) => {
  const { ask } = askRole(compileRole(defaultRole("deployer")), {
    ...emptyEngine,
    inspectImage: async () => ({}),
    inspectContainer: async () => ({
      ...{ ...containerOf(ME), ...CONFINED },
      labels: { ...labels, [OWNER_LABEL]: ME },
    }),
  });
  expect(await ask(line, line.endsWith("exec") ? { Cmd: ["sh"] } : "")).toMatchObject(
    isAllowed ? { allow: true } : { reason: expect.stringContaining("2001 labels") },
  );
});

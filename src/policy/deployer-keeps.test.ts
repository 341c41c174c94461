/** What a client makes stays in Docker's memory, so it may make only so much in a time. */
import { expect, test } from "vitest";
import { askRole } from "../../test/support/policy/ask-role.ts";
import { CONFINED, containerOf, emptyEngine, ME } from "../../test/support/policy/engine.ts";
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
    imageBytes: async (ref) => {
      asked.push(`${ref}, at stake ${stake}`);
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
  ["POST /containers/create", { Image: "web" }, 8 * 5_000],
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
    expect(kept).toEqual([STRUCTURE + JSON.stringify(body).length + copied]);
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
  expect([asked, kept]).toEqual([[], [STRUCTURE + '{"Image":"web"}'.length]]);
});

test("who leaves while the engine is asked pays for eight large images", async () => {
  const { ask, asked } = watched("deployer");
  await ask("POST /containers/create", { Image: "web" });
  expect(asked).toEqual([`web, at stake ${8 * 16 * 1024 * 1024}`]);
});

test("many small values count more than their text", async () => {
  const { ask, kept } = watched("deployer");
  const body = { Cmd: Array.from({ length: 1_001 }, () => "") };
  await ask("POST /containers/web/exec", body);
  expect(kept).toEqual([STRUCTURE + JSON.stringify(body).length + 128 * 1_000 + 16_000]);
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

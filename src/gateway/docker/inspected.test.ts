import { expect, test } from "vitest";
import { askRole } from "../../../test/support/policy/ask-role.ts";
import { emptyEngine } from "../../../test/support/policy/engine.ts";
import { compileRole, defaultRole } from "../../policy/index.ts";
import { configBytesOf, containerOf, type Inspected } from "./inspected.ts";

const ID = "1".repeat(64);
const publishedOf = (found: Pick<Inspected, "Config" | "HostConfig">): number | undefined =>
  containerOf({ Id: ID, Image: `sha256:${ID}`, ...found }).published;

const exposed = { "80/tcp": {}, "81/tcp": {}, "82/udp": {} };
const PortBindings = { "80/tcp": [{}, {}], "81/tcp": null, "82/udp": [], "83/tcp": [{}] };

test("ports of the host that a container takes: each binding, and with -P each exposed port without one", () => {
  expect(publishedOf({})).toBe(0);
  expect(publishedOf({ Config: { ExposedPorts: exposed } })).toBe(0);
  expect(publishedOf({ Config: { ExposedPorts: exposed }, HostConfig: { PortBindings } })).toBe(3);
  const HostConfig = { PortBindings, PublishAllPorts: true };
  expect(publishedOf({ Config: { ExposedPorts: exposed }, HostConfig })).toBe(5);
  expect(publishedOf({ Config: { ExposedPorts: exposed }, HostConfig: { PublishAllPorts: true } })).toBe(3);
});

test("what Docker copies: a container's variables are counted, an image's configuration is measured", () => {
  const variables = (Config?: Inspected["Config"]) =>
    containerOf({ Id: ID, Image: `sha256:${ID}`, ...(Config && { Config }) }).variables;
  expect([variables(), variables({ Env: null }), variables({ Env: ["A=1", "B=2"] })]).toEqual([0, 0, 2]);
  const Config = { Env: ["A=1"], Labels: { of: "x" } };
  const text = '{"Env":["A=1"],"Labels":{"of":"x"}}';
  expect(configBytesOf({ Config })).toBe(2 * text.length + 128);
  // Docker makes each volume that an image declares.
  const Volumes = Object.fromEntries(Array.from({ length: 150 }, (_, at) => [`/v${at}`, {}]));
  expect(configBytesOf({ Config: { Volumes } })).toBeGreaterThan(150 * 3_072);
  expect(configBytesOf({})).toBe(4);
});

test("of an image's text, Docker keeps two copies, and what is looked at counts twice for each of eight", async () => {
  const Env = ["x".repeat(100_000)];
  const kept: number[] = [];
  const count = async (Config: Inspected["Config"] = {}) => {
    const engine = { ...emptyEngine, imageBytes: async () => configBytesOf({ Config }) };
    const over = { chance: () => true, mayKeep: (bytes: number) => kept.push(bytes) > 0, ifLeft: () => {} };
    const role = compileRole(defaultRole("deployer"));
    await askRole(role, engine).ask("POST /containers/create", { Image: "web" }, over);
    return kept.at(-1) ?? 0;
  };
  const copies = (await count({ Env })) - (await count());
  expect(copies).toBe(8 * 2 * (2 * (JSON.stringify({ Env }).length - 2)));
});

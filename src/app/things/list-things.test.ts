/** What clients have made, whose it is, and what is left out. */
import { expect, test } from "vitest";
import { FakeGateway } from "../../../test/support/app/fake-gateway.ts";
import { MemoryLines } from "../../../test/support/app/lines.ts";
import { sampleLine } from "../../../test/support/sample-line.ts";
import { json } from "../../base/index.ts";
import { listThings, type ThingsPorts } from "./list-things.ts";
import { ownedContainers } from "./owned.ts";

const DORA = "a".repeat(64);
const GONE = "b".repeat(64);
const id = (digit: string) => digit.repeat(64);
const by = (key: string) => ({ "io.tetherdock.owner": key, other: "x" });

function stage(over: Readonly<Record<string, unknown>> = {}) {
  const answers: Record<string, unknown> = {
    "/containers/json": [
      { Id: id("1"), ImageID: "sha256:1", Names: ["/web"], Labels: by(DORA) },
      { Id: id("2"), ImageID: "sha256:1", Names: ["/old"], Labels: by(GONE) },
    ],
    "/images/json": [],
    "/networks": [{ Id: id("3"), Name: "net", Labels: by(DORA) }],
    "/volumes": { Volumes: [{ Name: "data", Labels: by(GONE) }] },
    ...over,
  };
  const gateway = new FakeGateway();
  gateway.clients.set("dora@desk", {
    ...{ name: "dora@desk", fingerprint: DORA, role: "deployer", state: "active", expires: null },
  });
  const lines = new MemoryLines();
  lines.keep(sampleLine({ name: "web" }));
  const asked: string[] = [];
  const ports: ThingsPorts = {
    ...{ lines, env: {}, gateway },
    engine: {
      list: async (_access, path, reader) => {
        asked.push(decodeURIComponent(path));
        const read = json.read(JSON.stringify(answers[path.split("?")[0] ?? ""]), reader);
        return "value" in read ? read.value : expect.fail(read.problems.join());
      },
    },
  };
  return { ports, asked };
}

const all = { line: undefined, removed: false };
const shown = async (ports: ThingsPorts, removed = false) =>
  (await listThings(ports, { ...all, removed })).map(({ client, kind, name }) => [client, kind, name]);

test("each thing has the name of the client whose key is in its label; of a removed client, none", async () => {
  const { ports, asked } = stage();
  expect(await listThings(ports, all)).toEqual([
    { kind: "container", id: id("1"), name: "web", owner: DORA, client: "dora@desk" },
    { kind: "container", id: id("2"), name: "old", owner: GONE, client: null },
    { kind: "network", id: id("3"), name: "net", owner: DORA, client: "dora@desk" },
    { kind: "volume", id: null, name: "data", owner: GONE, client: null },
  ]);
  expect(asked[0]).toBe('/containers/json?all=1&filters={"label":["io.tetherdock.owner"]}');
});

test("only what belongs to no client on the list", async () => {
  expect(await shown(stage().ports, true)).toEqual([
    [null, "container", "old"],
    [null, "volume", "data"],
  ]);
});

test("an engine that has nothing", async () => {
  const nothing = { "/containers/json": [], "/networks": [], "/volumes": { Volumes: null } };
  expect(await shown(stage(nothing).ports)).toEqual([]);
});

test("a container whose image has the label may be anybody's, and is left out", async () => {
  const { ports } = stage({
    "/images/json": [{ Id: "sha256:1" }],
    "/images/sha256%3A1/json": { Config: { Labels: by(DORA) } },
  });
  expect(await shown(ports)).toEqual([
    ["dora@desk", "network", "net"],
    [null, "volume", "data"],
  ]);
});

test("a label that is no key, a name that is no text, and one without an end keep nothing from being listed", async () => {
  const { ports } = stage({
    "/containers/json": [
      { Id: id("1"), ImageID: "sha256:1", Names: ["/web"], Labels: { "io.tetherdock.owner": "me" } },
      { Id: id("2"), ImageID: "sha256:1", Names: null, Labels: by(DORA) },
      { Id: id("4"), ImageID: "sha256:1", Names: [`/${"x".repeat(10_000)}`], Labels: by(DORA) },
    ],
    "/networks": [{ Id: id("3"), Name: "net", Labels: null }],
    "/volumes": { Volumes: null },
  });
  expect(await shown(ports)).toEqual([
    ["dora@desk", "container", ""],
    ["dora@desk", "container", "x".repeat(254)],
  ]);
});

test("an engine that ignores the filter gives nobody another's things", async () => {
  const { ports } = stage();
  const access = {} as Parameters<typeof ownedContainers>[1];
  expect(await ownedContainers(ports.engine, access, GONE)).toMatchObject([{ name: "old" }]);
});

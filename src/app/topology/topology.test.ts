import { describe, expect, test } from "vitest";
import { FakeGateway } from "../../../test/support/app/fake-gateway.ts";
import { keepLine, noSsh, seenByAll, VisitWorld } from "../../../test/support/app/visit-world.ts";
import { hostFacts, listening, runningGateway } from "../../../test/support/host-facts.ts";
import { NOT_LISTED, OPEN } from "../../../test/support/subject.ts";
import { TetherdockError } from "../../base/index.ts";
import { GATEWAY_CLIENTS, GATEWAY_CONFIG, GATEWAY_REVOKED } from "../../facts/index.ts";
import { type Client, formatClients } from "../../identity/index.ts";
import type { Entrance } from "../../topology/index.ts";
import { topology } from "./topology.ts";

function stage() {
  const world = new VisitWorld();
  const gateway = new FakeGateway();
  const ports = { visit: world.ports, gateway: { lines: world.lines, env: {}, gateway } };
  return { world, gateway, ports };
}

const ASKED = { word: "vps", local: false, ssh: undefined };

test("shows the paths to one target, and the matrix of its listeners", async () => {
  const { world, ports, gateway } = stage();
  await keepLine(world.lines);
  world.endpoints.set("192.0.2.7:2375", { ...seenByAll(OPEN), offer: null });
  const result = await topology(ports, ASKED);
  expect(result.topology.name).toBe("vps");
  expect(result.topology.entrances.flatMap(({ ways }) => ways.map(({ access }) => access))).toContain("open");
  expect(result.matrix).toHaveLength(4);
  expect(result.insideMissing).toBeNull();
  expect(gateway.calls, "a native line has no gateway").toEqual([]);
});

test("without an inspection from inside there is no matrix, and the reason is given", async () => {
  const { world, ports } = stage();
  await keepLine(world.lines);
  world.unreachable = noSsh;
  const result = await topology(ports, { ...ASKED, word: undefined });
  expect(result.matrix).toEqual([]);
  expect(result.insideMissing).toContain("does not accept your key");
});

const ANNA: Client = {
  ...{ name: "anna@laptop", fingerprint: "a".repeat(64), role: "admin", state: "active", expires: null },
};
const BOB: Client = { ...ANNA, name: "bob@desk", fingerprint: "b".repeat(64), role: "viewer" };
const OVER: Client = {
  ...BOB,
  name: "temp@agency",
  fingerprint: "c".repeat(64),
  expires: "2020-01-01T00:00:00Z",
};

const CONFIG = JSON.stringify({ version: 1, clients: "/var/lib/tetherdock-gateway/clients.json" });

function listOf(entrances: readonly Entrance[]): Entrance["clients"] | undefined {
  return entrances.find(({ clients }) => clients !== null)?.clients;
}

describe("clients of a gateway", () => {
  /** @param files path → text, of the host */
  async function inspected(files: Record<string, string>) {
    const { world, ports, gateway } = stage();
    await keepLine(world.lines, { mode: "gateway" });
    const kept = Object.entries(files).map(
      ([path, text]) => [path, { path, text, mode: "600", owner: "0:0" }] as const,
    );
    const ours = { ...hostFacts().ours, files: new Map(kept) };
    world.facts = hostFacts({}, { gateway: runningGateway, ours, listeners: listening([2376]) });
    const { topology: seen } = await topology(ports, ASKED);
    expect(gateway.calls, "the host's files are enough").toEqual([]);
    return listOf(seen.entrances);
  }

  const LIST = formatClients([ANNA, BOB, OVER]);

  test("are read from the files of an inspected host, with revocations and expiry", async () => {
    const revoked = JSON.stringify({ version: 1, revoked: [BOB.fingerprint] });
    const files = { [GATEWAY_CONFIG]: CONFIG, [GATEWAY_CLIENTS]: LIST, [GATEWAY_REVOKED]: revoked };
    expect(await inspected(files)).toEqual({
      known: true,
      from: "host",
      list: [
        { name: "anna@laptop", role: "admin", state: "active", expires: null, equalsRoot: true },
        { name: "bob@desk", role: "viewer", state: "revoked", expires: null, equalsRoot: false },
        {
          name: "temp@agency",
          role: "viewer",
          state: "expired",
          expires: "2020-01-01T00:00:00.000Z",
          equalsRoot: false,
        },
      ],
    });
  });

  test.each<[string, Record<string, string>, string]>([
    ["no list", { [GATEWAY_CONFIG]: CONFIG }, "there is no /"],
    ["no configuration", { [GATEWAY_CLIENTS]: LIST }, "does not say where it is"],
    [
      "another list in gateway.json",
      { [GATEWAY_CONFIG]: '{"clients":"/srv/c.json"}', [GATEWAY_CLIENTS]: LIST },
      "names another file",
    ],
    [
      "a broken list",
      { [GATEWAY_CONFIG]: CONFIG, [GATEWAY_CLIENTS]: `${LIST}x` },
      "cannot read the client list /",
    ],
    [
      "broken revocations",
      { [GATEWAY_CONFIG]: CONFIG, [GATEWAY_CLIENTS]: LIST, [GATEWAY_REVOKED]: "x" },
      "cannot read the revocations /",
    ],
  ])("%s: the clients are unknown, with the reason", async (_what, files, why) => {
    expect(await inspected(files)).toEqual({ known: false, why: expect.stringContaining(why) });
  });

  /** @param admitted whether the line's certificate gets in */
  async function fromOutside(gateway: FakeGateway, admitted = true) {
    const { world } = stage();
    await keepLine(world.lines, { mode: "gateway" });
    world.unreachable = noSsh;
    // As it is unless told otherwise: only the line's certificate gets in.
    world.endpoints.set("192.0.2.7:2376", admitted ? {} : { ...seenByAll(NOT_LISTED) });
    const ports = { visit: world.ports, gateway: { lines: world.lines, env: {}, gateway } };
    const { topology: seen } = await topology(ports, ASKED);
    return { list: listOf(seen.entrances), events: world.events };
  }

  test("are read from the gateway if the host is not inspected", async () => {
    const gateway = new FakeGateway();
    for (const client of [ANNA, OVER]) gateway.clients.set(client.name, client);
    const { list, events } = await fromOutside(gateway);
    expect(list).toMatchObject({
      ...{ known: true, from: "gateway" },
      list: [{ name: "anna@laptop", equalsRoot: true }, { state: "expired" }],
    });
    expect(gateway.calls).toEqual([{ line: "vps", method: "GET", path: "clients" }]);
    expect(events.at(-1)).toEqual({ kind: "asking-gateway", line: "vps" });
  });

  test("are unknown if the gateway refuses the request", async () => {
    const gateway = new FakeGateway();
    gateway.failure = new TetherdockError("GATEWAY_REFUSED", "the gateway refused", {
      why: ["not an admin"],
    });
    expect((await fromOutside(gateway)).list).toEqual({
      ...{ known: false, why: "the gateway refused: not an admin" },
    });
  });

  test("are not requested from a gateway that refuses your certificate", async () => {
    const gateway = new FakeGateway();
    expect((await fromOutside(gateway, false)).list).toEqual({
      ...{ known: false, why: "your certificate does not get in" },
    });
    expect(gateway.calls).toEqual([]);
  });

  test("are not read after Ctrl-C", async () => {
    const gateway = new FakeGateway();
    gateway.failure = new TetherdockError("INTERRUPTED", "interrupted");
    await expect(fromOutside(gateway)).rejects.toMatchObject({ code: "INTERRUPTED" });
  });
});

test("of several lines, only the one that is named is inspected, at no port that nobody asked for", async () => {
  const { world, ports } = stage();
  await keepLine(world.lines);
  await keepLine(world.lines, { name: "other", target: "core@other", address: "192.0.2.8", addresses: [] });
  const { topology: seen } = await topology(ports, { ...ASKED, word: "other" });
  expect(seen.name).toBe("other");
  expect(Object.keys(world.probed())).toEqual(["192.0.2.8:2376", "192.0.2.8:2375"]);
});

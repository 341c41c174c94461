import { expect, test } from "vitest";
import { failureOf } from "../../../test/support/app/change.ts";
import { keepLine, noSsh, seenByAll, VisitWorld } from "../../../test/support/app/visit-world.ts";
import { accepted, fleetList, makeOperator, signNext } from "../../../test/support/fleet/sample-fleet.ts";
import { OPEN } from "../../../test/support/subject.ts";
import { TetherdockError } from "../../base/index.ts";
import { worst } from "../../doctor/index.ts";
import { doctorMany } from "./doctor-many.ts";
import type { ManyPorts, Visited } from "./ports.ts";
import type { ManyRequest } from "./request.ts";

const request = (over: Partial<ManyRequest> = {}): ManyRequest => ({
  ...{ words: [], local: false, ssh: false, ports: [] },
  ...{ allLines: true, fleet: undefined, atOnce: 8 },
  ...over,
});

/** Lines to hosts at addresses of their own. */
async function stage(...names: readonly string[]) {
  const world = new VisitWorld();
  for (const [at, name] of names.entries()) {
    const address = `192.0.2.${10 + at}`;
    const more = { id: String(at).padStart(16, "a"), target: `core@${name}`, mode: "gateway" as const };
    await keepLine(world.lines, { ...more, name, address, addresses: [address] });
  }
  const told: string[] = [];
  const ports: ManyPorts = {
    ...world.ports,
    visited: ({ name }, done, of) => told.push(`${name} ${done}/${of}`),
  };
  return { world, ports, told };
}

async function keepFleet(world: VisitWorld, name: string, hosts: readonly string[]) {
  const { documents, view } = await accepted(null, signNext(null, makeOperator(), fleetList({ name })));
  const listed = hosts.map((host, at) => ({ name: host, address: `198.51.100.${at}`, port: 2376, ca: "" }));
  const kept = { documents, view: { ...view, list: { ...view.list, hosts: listed } }, revoked: [] };
  const ca = { certificate: "", privateKey: "" };
  world.fleets.set(name, { name, kept, store: null, operatorKey: "", ca });
}

const shortly = (all: readonly Visited[]) =>
  all.map((one) => [one.name, "error" in one ? one.error.code : worst(one.report.results)]);

test("the hosts of all lines, each with its own report, in order", async () => {
  const { world, ports, told } = await stage("build", "db", "web");
  world.endpoints.set("192.0.2.11:2375", { ...seenByAll(OPEN), offer: null });
  const all = await doctorMany(ports, request());
  expect(shortly(all).map(([name]) => name)).toEqual(["build", "db", "web"]);
  expect(shortly(all)[1]).toEqual(["db", "critical"]);
  expect(shortly(all)[0]?.[1]).not.toBe("critical");
  expect(told.toSorted()).toHaveLength(3);
  expect(told[2]).toMatch(/ 3\/3$/);
});

test("no more hosts at a time than asked for, and as many", async () => {
  const { ports } = await stage("a", "b", "c", "d", "e");
  let [open, most] = [0, 0];
  const opening = async () => {
    open += 1;
    most = Math.max(most, open);
    await new Promise((resolve) => setImmediate(resolve));
    open -= 1;
    throw noSsh;
  };
  await doctorMany({ ...ports, open: opening }, request({ ssh: undefined, atOnce: 2 }));
  expect(most).toBe(2);
});

test("a line that is broken, and a host that --ssh does not reach, stop no other", async () => {
  const { world, ports } = await stage("build", "db", "web");
  const { read } = world.lines;
  const broken = new TetherdockError("LINE_BROKEN", "line.json cannot be read");
  const lines = Object.create(world.lines, {
    read: {
      value: (name: string) => (name === "db" ? Promise.reject(broken) : read.call(world.lines, name)),
    },
  });
  const { open } = ports;
  const only = (target: string | null) => (target === "core@web" ? Promise.reject(noSsh) : open(target));
  const all = await doctorMany({ ...ports, lines, open: only }, request({ ssh: true }));
  expect(all.map((one) => ("error" in one ? one.error.code : "examined"))).toEqual([
    "examined",
    "LINE_BROKEN",
    "SSH_FAILED",
  ]);
});

test("after an interruption nothing is begun, and what is left says so", async () => {
  const { ports, told } = await stage("a", "b", "c");
  const open = (target: string | null) =>
    target === "core@b" ? Promise.reject(new TetherdockError("INTERRUPTED", "x")) : Promise.reject(noSsh);
  const all = await doctorMany({ ...ports, open }, request({ ssh: undefined, atOnce: 1 }));
  expect(all.map((one) => ("error" in one ? one.error.code : "examined"))).toEqual([
    "examined",
    "INTERRUPTED",
    "INTERRUPTED",
  ]);
  expect(told).toEqual(["a 1/3", "b 2/3"]);
});

test("a bug is no result of a host: it ends the command", async () => {
  const { ports } = await stage("a");
  const bug = new Error("a bug");
  expect(
    await failureOf(doctorMany({ ...ports, open: () => Promise.reject(bug) }, request({ ssh: true }))),
  ).toBe(bug);
});

test("--fleet: its hosts over their lines, and those without a line at the address on the list", async () => {
  const { world, ports } = await stage("other", "web");
  await keepFleet(world, "acme", ["far", "web"]);
  const all = await doctorMany(ports, request({ allLines: false, fleet: "acme" }));
  expect(all.map(({ name, word }) => [name, word])).toEqual([
    ["far", "198.51.100.0:2376"],
    ["web", "web"],
  ]);
  const [far, web] = all.map((one) => ("report" in one ? one.report.subject : expect.fail()));
  expect([far?.name, far?.line, far?.endpoints.map(({ endpoint }) => endpoint.host)]).toEqual([
    "far",
    null,
    ["198.51.100.0"],
  ]);
  expect(web?.line?.fleets.map(({ name }) => name)).toEqual(["acme"]);
});

test("named targets, several at a time", async () => {
  const { ports } = await stage("build", "web");
  const all = await doctorMany(ports, request({ allLines: false, words: ["web", "192.0.2.99:1"] }));
  expect(all.map(({ name, word }) => [name, word])).toEqual([
    ["web", "web"],
    ["192.0.2.99:1", "192.0.2.99:1"],
  ]);
});

test.each<[Partial<ManyRequest>, string]>([
  [{ words: ["web"] }, "USAGE"],
  [{ local: true }, "USAGE"],
  [{ fleet: "acme" }, "USAGE"],
  [{ allLines: false, fleet: "acme", words: ["web"] }, "USAGE"],
  [{ allLines: false, fleet: "nosuch" }, "FLEET_UNKNOWN"],
  [{ allLines: false, words: ["192.0.2.999:1"] }, "ENDPOINT_INVALID"],
])("%j is refused before a host is contacted", async (over, code) => {
  const { world, ports } = await stage("web");
  expect((await failureOf(doctorMany(ports, request(over)))).code).toBe(code);
  expect(world.surveys).toEqual([]);
});

test("without a line, --all-lines is the same error as no argument", async () => {
  const { ports } = await stage();
  expect((await failureOf(doctorMany(ports, request()))).code).toBe("LINE_NONE");
});

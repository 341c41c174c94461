import { describe, expect, test } from "vitest";
import { keepLine, noSsh, VisitWorld } from "../../../test/support/app/visit-world.ts";
import { accepted, fleetList, makeOperator, signNext } from "../../../test/support/fleet/sample-fleet.ts";
import { dockerSocket, hostFacts, listening, tcpSocket } from "../../../test/support/host-facts.ts";
import { endpointReport, OPEN } from "../../../test/support/subject.ts";
import { TetherdockError } from "../../base/index.ts";
import { makeAuthority } from "../../pki/index.ts";
import { examine } from "./examine.ts";
import type { VisitRequest } from "./request.ts";

const request = (over: Partial<VisitRequest> = {}): VisitRequest => ({
  ...{ words: [], local: false, ssh: undefined, ports: [] },
  ...over,
});

describe("the probes", () => {
  const LINE = "192.0.2.7:2376";

  test("without a line, only a certificate from an unknown CA is tried", async () => {
    const world = new VisitWorld();
    await examine(world.ports, request({ words: ["192.0.2.7:2376"] }));
    expect(world.probed()).toEqual({ [LINE]: ["untrusted"] });
  });

  test("a native line is tried with its own certificate and wrong ones, a gateway also with an unlisted one", async () => {
    for (const [mode, more] of [
      ["native", []],
      ["gateway", ["unlisted"]],
    ] as const) {
      const world = new VisitWorld();
      await keepLine(world.lines, { mode });
      const [subject] = await examine(world.ports, request());
      expect(world.probed()[LINE]?.toSorted()).toEqual(
        ["line", "untrusted", "expired", "server-usage", ...more].toSorted(),
      );
      expect(subject?.line).toMatchObject({ name: "vps", mode });
      expect(subject?.line?.noCaKey).toBeUndefined();
    }
  });

  test("an encrypted or broken CA key: probes that need it are left out, with the reason", async () => {
    const locked = await makeAuthority({ subject: "x", now: 0, passphrase: "secret" });
    for (const [key, why] of [
      [locked.privateKey, /encrypted with a passphrase/],
      ["not a key", /cannot issue certificates/],
    ] as const) {
      const world = new VisitWorld();
      await keepLine(world.lines, {}, key);
      const [subject] = await examine(world.ports, request());
      expect(world.probed()[LINE]).toEqual(["line", "untrusted"]);
      expect(subject?.line?.noCaKey).toMatch(why);
    }
  });
});

describe("the fleets that this machine operates", () => {
  const stage = async (mode: "native" | "gateway") => {
    const world = new VisitWorld();
    await keepLine(world.lines, { mode });
    for (const [name, hosts] of Object.entries({ acme: ["vps", "db"], near: ["db"] })) {
      const { documents, view } = await accepted(null, signNext(null, makeOperator(), fleetList({ name })));
      const list = { ...view.list, hosts: hosts.map((host) => ({ ...HOST, name: host })) };
      const kept = { documents, view: { ...view, list, version: 7 }, revoked: [] };
      const fleet = { name, kept, store: null, operatorKey: "", ca: { certificate: "", privateKey: "" } };
      world.fleets.set(name, fleet);
    }
    return (await examine(world.ports, request()))[0]?.line?.fleets;
  };
  const HOST = { address: "192.0.2.7", port: 2376, ca: "" };

  test("those whose list names the line's host, if it has a gateway", async () => {
    expect(await stage("gateway")).toEqual([{ name: "acme", version: 7 }]);
    expect(await stage("native")).toEqual([]);
  });

  test("what is broken of them stops no check, and is told", async () => {
    const broken = new TetherdockError("FLEET_BROKEN", "cannot read operator.json", {
      why: ["it does not exist"],
      hints: ["ls -la operator.json"],
    });
    const told = {
      evidence: ["cannot read operator.json", "it does not exist"],
      fix: ["ls -la operator.json"],
    };
    for (const [fleets, where] of [
      [{ list: async () => ["zzz"], read: () => Promise.reject(broken) }, "fleet zzz"],
      [{ list: () => Promise.reject(broken), read: () => Promise.reject(broken) }, "fleets"],
    ] as const) {
      const world = new VisitWorld();
      await keepLine(world.lines, { mode: "gateway" });
      const [subject] = await examine({ ...world.ports, fleets }, request());
      expect(subject?.line).toMatchObject({ fleets: [], unreadFleets: [{ where, ...told }] });
    }
  });
});

test("who waits for approval is asked of a gateway whose engine answers", async () => {
  const waitingAt = async (mode: "native" | "gateway", isAnswering: boolean) => {
    const world = new VisitWorld();
    await keepLine(world.lines, { mode });
    world.waiting.set("vps", ["ben@desk"]);
    const engine = { version: "28.0.0", apiVersion: "1.48" };
    world.endpoints.set("192.0.2.7:2376", endpointReport({ line: OPEN }, isAnswering ? { engine } : {}));
    return (await examine(world.ports, request()))[0]?.line?.waiting;
  };
  expect(await waitingAt("gateway", true)).toEqual(["ben@desk"]);
  expect(await waitingAt("gateway", false)).toEqual([]);
  expect(await waitingAt("native", true)).toEqual([]);
});

describe("the inspection from inside", () => {
  test("gathers the facts and closes the shell", async () => {
    const world = new VisitWorld();
    await keepLine(world.lines);
    world.facts = hostFacts({}, { addresses: ["192.0.2.7"] });
    const [subject] = await examine(world.ports, request());
    expect(subject?.inside?.facts.addresses).toEqual(["192.0.2.7"]);
    expect(subject?.insideMissing).toBeNull();
    expect([world.opened, world.closed]).toEqual([["core@vps"], 1]);
    expect(world.events[0]).toEqual({ kind: "inspecting", target: "vps" });
  });

  test("--no-ssh connects to no host", async () => {
    const world = new VisitWorld();
    await keepLine(world.lines);
    const [subject] = await examine(world.ports, request({ ssh: false }));
    expect([world.opened, subject?.inside]).toEqual([[], null]);
    expect(subject?.insideMissing).toContain("--no-ssh");
  });

  test("if ssh fails, the host is probed from outside and the reason is kept; with --ssh it is an error", async () => {
    const world = new VisitWorld();
    await keepLine(world.lines);
    world.unreachable = noSsh;
    const [subject] = await examine(world.ports, request());
    expect(subject?.insideMissing).toContain("does not accept your key");
    expect(subject?.endpoints.length).toBeGreaterThan(0);
    await expect(examine(world.ports, request({ ssh: true }))).rejects.toBe(noSsh);
  });

  test("Ctrl-C ends the visit, with or without --ssh", async () => {
    const world = new VisitWorld();
    await keepLine(world.lines);
    world.unreachable = new TetherdockError("INTERRUPTED", "interrupted");
    await expect(examine(world.ports, request())).rejects.toBe(world.unreachable);
    expect(world.surveys).toEqual([]);
  });

  test("incomplete output is an error, and the shell is closed", async () => {
    const world = new VisitWorld();
    await keepLine(world.lines);
    world.inside = "§x\n".repeat(5_000);
    await expect(examine(world.ports, request({ ssh: true }))).rejects.toMatchObject({
      code: "FACTS_INCOMPLETE",
    });
    expect(world.closed).toBe(1);
  });
});

describe("the endpoints that are probed", () => {
  const ports = (world: VisitWorld) => Object.keys(world.probed());

  test("2375, 2376, the line's port, the ports of --port, and listeners found from inside", async () => {
    const world = new VisitWorld();
    await keepLine(world.lines, { port: 8443 });
    const local = { address: "127.0.0.1:8081", port: 8081, holders: [] };
    world.facts = hostFacts({}, { listeners: [...listening([8080]), local] });
    await examine(world.ports, request({ ports: [9000] }));
    expect(ports(world).map((text) => text.split(":")[1])).toEqual(["8443", "9000", "2375", "2376", "8080"]);
  });

  test("a named endpoint, and no other port of its host", async () => {
    const world = new VisitWorld();
    await keepLine(world.lines);
    const [subject] = await examine(world.ports, request({ words: ["192.0.2.7:9999"], ssh: false }));
    expect(ports(world)).toEqual(["192.0.2.7:9999"]);
    expect(subject?.line).toBeNull();
  });

  test("every address of a name; another recorded address at the line's port only", async () => {
    const world = new VisitWorld();
    await keepLine(world.lines, { address: "vps.test", addresses: ["192.0.2.7", "2001:db8::7"] });
    world.addresses.set("vps.test", ["192.0.2.7"]);
    await examine(world.ports, request({ ssh: false }));
    expect(ports(world)).toEqual(["192.0.2.7:2376", "192.0.2.7:2375", "[2001:db8::7]:2376"]);
    expect(world.surveys.map((items) => items.length)).toEqual([3, 0]);
  });

  test("no port whose socket unit would start a stopped docker", async () => {
    const world = new VisitWorld();
    await keepLine(world.lines);
    world.facts = hostFacts({ active: false }, { sockets: [dockerSocket, tcpSocket(2375)] });
    await examine(world.ports, request());
    expect(ports(world)).not.toContain("192.0.2.7:2375");
  });

  test("for --local, the addresses that the machine itself reports", async () => {
    const world = new VisitWorld();
    world.facts = hostFacts({}, { addresses: ["192.0.2.50"] });
    const [subject] = await examine(world.ports, request({ local: true }));
    expect(world.opened).toEqual([null]);
    expect(subject).toMatchObject({ name: "this machine", upTarget: null });
    expect(ports(world)).toEqual(["192.0.2.50:2375", "192.0.2.50:2376"]);
  });
});

describe("the arguments", () => {
  test("a line's name, its destination, a host without a line, and an endpoint", async () => {
    const world = new VisitWorld();
    await keepLine(world.lines);
    const words = ["vps", "core@vps", "root@192.0.2.9", "192.0.2.9:2376"];
    const subjects = await examine(world.ports, request({ words }));
    expect(subjects.map(({ name, upTarget, line }) => [name, upTarget, line?.name])).toEqual([
      ["vps", "core@vps", "vps"],
      ["core@vps", "core@vps", "vps"],
      ["root@192.0.2.9", "root@192.0.2.9", undefined],
      ["192.0.2.9:2376", undefined, undefined],
    ]);
    expect(world.opened).toEqual(["core@vps", "core@vps", "root@192.0.2.9"]);
  });

  test.each([
    [{ words: ["vps", "vps"] }, "USAGE"],
    [{ words: ["192.0.2.9:2376"], ssh: true }, "USAGE"],
    [{ words: ["192.0.2.999:1"] }, "ENDPOINT_INVALID"],
  ])("%j is refused", async (over, code) => {
    const world = new VisitWorld();
    await keepLine(world.lines);
    await expect(examine(world.ports, request(over))).rejects.toMatchObject({ code });
    expect(world.surveys).toEqual([]);
  });

  test("no argument and no line: LINE_NONE", async () => {
    await expect(examine(new VisitWorld().ports, request())).rejects.toMatchObject({ code: "LINE_NONE" });
  });
});

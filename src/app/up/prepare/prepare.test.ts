/** What `up` prepares from the arguments, the earlier line and the host's facts; by dry runs. */
import { describe, expect, test } from "vitest";
import { carriedOut } from "../../../../test/support/app/carried-out.ts";
import { failureOf } from "../../../../test/support/app/change.ts";
import { failed } from "../../../../test/support/app/fake-host.ts";
import {
  alert,
  dropped,
  inTheClear,
  letIn,
  PROVEN,
  refused,
} from "../../../../test/support/app/fake-outside.ts";
import { upRequest, upWorld, type World } from "../../../../test/support/app/up-world.ts";
import { hostFacts, NOW } from "../../../../test/support/host-facts.ts";
import { sampleLine } from "../../../../test/support/sample-line.ts";
import { DAY_MS } from "../../../base/index.ts";
import { publicKeyFingerprint, publicKeyOf, readCertificate } from "../../../pki/index.ts";
import type { Prepared } from "../prepared.ts";
import type { UpRequest } from "../request.ts";
import { up } from "../up.ts";
import { certificateNames } from "./certificate-names.ts";
import { findPlainPorts } from "./find-plain-ports.ts";

async function planned(world: World, over: Partial<UpRequest> = {}): Promise<Prepared> {
  return (await up(world.ports, upRequest({ dryRun: true, ...over }))).prepared;
}

async function withLine(over: Partial<UpRequest> = {}): Promise<World> {
  const world = upWorld();
  const { prepared } = await up(world.ports, upRequest(over));
  world.host.state = carriedOut(world.host, prepared);
  return world;
}

describe("the address of a line", () => {
  test("is the one that ssh connected to, or that of --address, which is kept until it is dropped", async () => {
    expect((await planned(upWorld())).line).toMatchObject({ address: "192.0.2.7", sans: [] });
    const world = await withLine({ address: "198.51.100.9" });
    expect((await planned(world)).line).toMatchObject({ address: "198.51.100.9", sans: ["198.51.100.9"] });
    const without = await planned(world, { dropSan: ["198.51.100.9"] });
    expect(without.line).toMatchObject({ sans: [] });
  });

  test("is written in the canonical form of certificates", async () => {
    expect((await planned(upWorld(), { address: "[2001:DB8::7]" })).line.address).toBe("2001:db8::7");
  });

  test("without ssh is the first that the host reports, or loopback", async () => {
    const local = { destination: undefined, local: true };
    const world = upWorld();
    world.host.state = hostFacts({}, { addresses: [] });
    expect((await planned(world, local)).line.address).toBe("127.0.0.1");
  });
});

describe("the names of the certificate", () => {
  test("a name of --san is kept, and proven each time, until it is dropped", async () => {
    const world = upWorld();
    world.outside.names.set("web.test", ["192.0.2.7"]);
    world.outside.names.set("db.test", ["192.0.2.7"]);
    const { prepared } = await up(world.ports, upRequest({ san: ["web.test", "WEB.test."] }));
    world.host.state = carriedOut(world.host, prepared);
    const more = await planned(world, { san: ["db.test"] });
    expect(more.line.sans).toEqual(["web.test", "db.test"]);
    expect(more.line.addresses).toEqual(["192.0.2.7", "web.test", "db.test"]);
    expect((await planned(world, { dropSan: ["Web.test"] })).line.addresses).toEqual(["192.0.2.7"]);
  });

  test("a name that does not resolve is an error; the hint for a kept one drops it", async () => {
    const fresh = await failureOf(planned(upWorld(), { san: ["gone.test"] }));
    expect(fresh).toMatchObject({ code: "NOT_REACHABLE", hints: ["getent ahosts gone.test"] });
    expect(fresh.why).toEqual([expect.stringContaining("nothing was changed")]);
    const world = upWorld();
    world.outside.names.set("web.test", ["192.0.2.7"]);
    const { prepared } = await up(world.ports, upRequest({ san: ["web.test"] }));
    world.host.state = carriedOut(world.host, prepared);
    world.outside.names.clear();
    const { hints } = await failureOf(planned(world, { dropSan: ["x.test"] }));
    expect(hints[1]).toBe(
      "tetherdock up core@vps --drop-san x.test --drop-san web.test   # if you no longer need it",
    );
  });

  test("a name with more addresses than are proven is an error, not proven in part", async () => {
    const many = Array.from({ length: 33 }, (_, at) => `192.0.2.${at + 1}`);
    const world = upWorld();
    world.outside.names.set("many.test", many);
    world.outside.names.set("web.test", ["192.0.2.7"]);
    expect(await failureOf(planned(world, { san: ["web.test", "Many.test."] }))).toMatchObject({
      code: "NAME_UNPROVABLE",
      message: "many.test has 33 addresses",
      why: [expect.stringContaining("at most 32"), "nothing was changed"],
      hints: ["tetherdock up core@vps --san web.test"],
    });
    expect(await failureOf(planned(world, { address: "many.test" }))).toMatchObject({
      hints: [expect.stringMatching(/^tetherdock up core@vps --address 192.0.2.1 /)],
    });
    world.outside.names.set("many.test", many.slice(1));
    expect((await planned(world, { san: ["many.test"] })).line.sans).toEqual(["many.test"]);
  });

  test("a damaged line's names cannot be compared, and this is said", async () => {
    const world = upWorld();
    world.lines.kept.set("damaged", new Map());
    await planned(world);
    expect(world.events).toContainEqual({ kind: "notice", id: "line-damaged", name: "damaged" });
  });

  test("addresses that the host claims are probed but not certified, without this machine's own", () => {
    const facts = hostFacts({}, { addresses: ["192.0.2.7", "192.0.2.50", "198.51.100.1", "127.0.0.1"] });
    expect(certificateNames(["192.0.2.7"], facts, ["192.0.2.50"])).toMatchObject({
      named: [{ value: "192.0.2.7" }],
      claimed: ["198.51.100.1"],
    });
  });

  test("with --local every address of this machine is probed", async () => {
    const world = upWorld();
    world.host.state = hostFacts({}, { addresses: ["192.0.2.7", "192.0.2.100"] });
    const own = await planned(world, { destination: undefined, local: true });
    expect(own.names.claimed).toEqual(["192.0.2.100"]);
    expect((await planned(world)).names.claimed).toEqual([]);
  });
});

describe("the server key", () => {
  test("of a new host is none; of a known one it is the recorded one, until it has been proven again", async () => {
    const fresh = await planned(upWorld());
    expect([fresh.serverKey, fresh.line.host]).toEqual(["", { serverKeys: [], reachedAt: [], ssh: null }]);
    const world = upWorld();
    world.host.state = hostFacts({}, { addresses: ["192.0.2.7", "192.0.2.50"] });
    const { prepared } = await up(world.ports, upRequest());
    world.host.state = carriedOut(world.host, prepared);
    const again = await planned(world);
    const key = publicKeyFingerprint(world.host.publicKey);
    expect([again.serverKey, again.line.host]).toEqual([
      key,
      { serverKeys: [key], reachedAt: ["192.0.2.50"], ssh: null },
    ]);
  });
});

describe("another line's names", () => {
  test("are not signed for at the same port; the line's own names and another port are", async () => {
    const world = await withLine();
    const id = "f".repeat(16);
    const taken = sampleLine({
      name: "web",
      id,
      target: "root@web",
      address: "192.0.2.8",
      sans: ["192.0.2.9"],
    });
    world.lines.keep(taken);
    for (const address of ["192.0.2.8", "192.0.2.9"])
      expect(await failureOf(planned(world, { address }))).toMatchObject({ code: "NAME_TAKEN" });
    expect((await planned(world, { address: "192.0.2.8", port: 2400 })).line.port).toBe(2400);
    expect((await planned(world)).line.address).toBe("192.0.2.7");
  });
});

describe("the mode of a line", () => {
  test.each([
    [{}, {}, "native"],
    [{}, { gateway: true }, "gateway"],
    [{ gateway: true }, {}, "gateway"],
    [{ gateway: true }, { native: true }, "native"],
    [{}, { native: true }, "native"],
  ] as const)("made with %j, then up with %j: %s", async (first, then, mode) => {
    const prepared = await planned(await withLine(first), then);
    expect(prepared.line.mode).toBe(mode);
    expect(prepared.gateway === null).toBe(mode === "native");
  });
});

describe("what a second up keeps of a line", () => {
  test("its id, its date, and its port unless another is given", async () => {
    const world = upWorld();
    world.outside.port = 2400;
    const { prepared } = await up(world.ports, upRequest({ port: 2400 }));
    world.host.state = carriedOut(world.host, prepared);
    const { id, createdAt } = prepared.line;
    Object.assign(world.ports, { clock: () => NOW + 1_000 });
    expect((await planned(world)).line).toMatchObject({ id, createdAt, port: 2400, version: 2, name: "vps" });
    expect((await planned(world, { port: 2500 })).line.port).toBe(2500);
    expect((await planned(upWorld())).line).toMatchObject({
      port: 2376,
      createdAt: new Date(NOW).toISOString(),
    });
  });

  test("the client key; its certificate is renewed before it expires, for the same key and name", async () => {
    const world = await withLine();
    const old = await planned(world);
    expect((await planned(upWorld())).identity.fresh).toBe(true);
    expect(old.identity.fresh).toBe(false);
    const later = readCertificate(old.identity.certificate).notAfter - DAY_MS;
    Object.assign(world.ports, { clock: () => later });
    world.host.state = { ...world.host.state, clockMs: later };
    const { identity } = await planned(world);
    expect(identity).toMatchObject({ fresh: true, key: old.identity.key });
    const renewed = readCertificate(identity.certificate);
    expect(renewed.subject).toBe(readCertificate(old.identity.certificate).subject);
    expect(renewed.notAfter).toBeGreaterThan(later + DAY_MS);
    expect(publicKeyOf(identity.key)).toBe(publicKeyOf(old.identity.key));
  });
});

describe("the CA key", () => {
  test("is plain, or encrypted with a passphrase that each up asks for when it signs", async () => {
    const plain = await withLine();
    expect(await plain.lines.readFile("vps", "ca/ca-key.pem")).toContain("BEGIN PRIVATE KEY");
    const world = await withLine({ encryptCaKey: true });
    expect(await world.lines.readFile("vps", "ca/ca-key.pem")).toContain("BEGIN ENCRYPTED PRIVATE KEY");
    expect((await planned(world)).identity.fresh).toBe(false);
    Object.assign(world.ports.questions, { passphrase: async () => "another" });
    expect(await failureOf(up(world.ports, upRequest({ port: 2400 })))).toMatchObject({
      code: "CA_PASSPHRASE_WRONG",
    });
  });

  test("that is plain needs no passphrase, and a dry run opens none that is encrypted", async () => {
    const plain = await withLine();
    const encrypted = await withLine({ encryptCaKey: true });
    for (const { ports } of [plain, encrypted])
      Object.assign(ports.questions, { passphrase: () => Promise.reject(new Error("it must not ask")) });
    plain.outside.port = 2400;
    expect(await up(plain.ports, upRequest({ port: 2400 }))).toMatchObject({ kind: "proven" });
    const { identity } = await planned(encrypted);
    expect(readCertificate(identity.authority.certificate).subject).toBe("CN=dry run");
    expect(identity.ca).toBe(await encrypted.lines.readFile("vps", "docker/ca.pem"));
  });
});

describe("a damaged or unfinished line", () => {
  test("with the new line's name is an error", async () => {
    const world = await withLine();
    world.host.state = hostFacts();
    await world.lines.update("vps", "line.json", "{");
    expect(await failureOf(planned(world))).toMatchObject({ code: "LINE_BROKEN" });
    expect(await planned(world, { name: "other" })).toMatchObject({ line: { name: "other" } });
  });

  test("that the host claims is an error, under any name", async () => {
    const world = await withLine();
    await world.lines.update("vps", "line.json", "{");
    expect(await failureOf(planned(world, { name: "other" }))).toMatchObject({ code: "LINE_BROKEN" });
  });

  test("that is pending for another host is an error", async () => {
    const world = upWorld();
    Object.assign(world.host.endings, { confirm: failed(1), undo: failed(1) });
    await failureOf(up(world.ports, upRequest()));
    const next = {
      ...world.ports,
      open: async () => ({ shell: world.host, hostname: "192.0.2.7", place: null }),
    };
    const elsewhere = up(next, upRequest({ destination: "root@elsewhere", name: "vps", dryRun: true }));
    expect(await failureOf(elsewhere)).toMatchObject({
      code: "LINE_PENDING",
      hints: [
        "tetherdock up core@vps --name vps   # to finish what was started",
        "tetherdock up root@elsewhere --name vps-2   # to use another name",
      ],
    });
    expect(await planned(world)).toMatchObject({ before: null, line: { name: "vps" } });
  });
});

describe("open ports", () => {
  test("are those on which docker answers without TLS", async () => {
    const world = upWorld();
    world.outside.table = { ...PROVEN, closed: inTheClear, plain: letIn };
    const { probe } = world.outside;
    expect(await findPlainPorts(probe, "192.0.2.7", [2375, 2376])).toEqual(new Set([2375, 2376]));
    world.outside.table = {
      ...PROVEN,
      closed: () => ({ kind: "answered", answer: { status: 404, body: "x" } }),
    };
    expect(await findPlainPorts(probe, "192.0.2.7", [2375])).toEqual(new Set());
    for (const closed of [dropped, refused, alert]) {
      world.outside.table = { ...PROVEN, closed };
      expect(await findPlainPorts(probe, "192.0.2.7", [2375])).toEqual(new Set());
    }
  });

  test("are not probed while docker is stopped: a probe would start it", async () => {
    const world = upWorld();
    const running = hostFacts();
    await planned(world);
    const asked = world.outside.came.length;
    world.host.state = { ...running, service: { ...running.service, active: false } };
    await planned(world).catch(() => undefined);
    expect(world.outside.came.length).toBe(asked);
  });
});

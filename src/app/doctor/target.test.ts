/** What an argument of doctor stands for: which line, which addresses, and whether ssh is used. */
import { describe, expect, test } from "vitest";
import { keepLine, noSsh, VisitWorld } from "../../../test/support/app/visit-world.ts";
import { hostFacts, NOW } from "../../../test/support/host-facts.ts";
import { endpointReport } from "../../../test/support/subject.ts";
import { issueServer, makeAuthority, makeKeyPair, normaliseNames, openAuthority } from "../../pki/index.ts";
import { examine } from "./examine.ts";
import type { VisitRequest } from "./request.ts";
import { findTargets } from "./target.ts";

const request = (over: Partial<VisitRequest> = {}): VisitRequest => ({
  ...{ words: [], local: false, ssh: undefined, ports: [] },
  ...over,
});

async function withLine(over: Parameters<typeof keepLine>[1] = {}): Promise<VisitWorld> {
  const world = new VisitWorld();
  await keepLine(world.lines, over);
  return world;
}

async function targetOf(world: VisitWorld, word: string) {
  const [{ line, ...target } = { line: null }] = await findTargets(world.ports, {
    words: [word],
    local: false,
  });
  return { ...target, line: line?.name ?? null };
}

const served = (world: VisitWorld) => Object.keys(world.probed());

describe("an endpoint", () => {
  test("belongs to a line if its address and port do, and is then inspected over ssh too", async () => {
    const world = await withLine({ addresses: ["192.0.2.7", "2001:db8::7"] });
    for (const word of ["192.0.2.7:2376", "[2001:db8::7]:2376"])
      expect(await targetOf(world, word)).toMatchObject({ line: "vps", way: "core@vps", only: 2376 });
    for (const word of ["192.0.2.7:2375", "192.0.2.8:2376"])
      expect(await targetOf(world, word)).toMatchObject({ line: null, way: undefined });
  });

  test.each(["ssh://root@192.0.2.9:22", "root@192.0.2.9"])(
    "is not %s, which is an ssh destination",
    async (word) => {
      expect(await targetOf(await withLine(), word)).toMatchObject({ way: word, only: null });
    },
  );
});

test("a line that was joined is examined from outside only, and is not this machine's", async () => {
  const world = await withLine({ target: null, joined: true });
  for (const word of ["vps", "192.0.2.7:2376", "tcp://192.0.2.7:2376"])
    expect(await targetOf(world, word), word).toMatchObject({ line: "vps", way: undefined });
  const [here] = await findTargets(world.ports, { words: [], local: true });
  expect(here).toMatchObject({ name: "this machine", line: null, way: null });
});

describe("a destination", () => {
  test("belongs to the line that was made with it, or to the line at the address that ssh connects to", async () => {
    const world = await withLine({ address: "elsewhere" });
    expect(await targetOf(world, "core@vps")).toMatchObject({
      line: "vps",
      way: "core@vps",
      host: "elsewhere",
    });
    expect(await targetOf(world, "root@elsewhere")).toMatchObject({ line: "vps", way: "root@elsewhere" });
    expect(await targetOf(world, "root@other")).toMatchObject({ line: null, host: "other" });
  });

  test("keeps its own host name if ssh cannot resolve it", async () => {
    const world = new VisitWorld();
    world.unreachable = noSsh;
    expect(await targetOf(world, "root@web.test")).toMatchObject({ host: "web.test", way: "root@web.test" });
  });

  test("that is invalid is refused, with doctor's own hints", async () => {
    const error = await targetOf(new VisitWorld(), "-oProxyCommand=x").catch((one: unknown) => one);
    expect(error).toMatchObject({
      code: "USAGE",
      hints: expect.arrayContaining([expect.stringMatching(/^tetherdock doctor /)]),
    });
  });
});

describe("this machine", () => {
  test("is probed at its line's address, else at the addresses that it reports, else at 127.0.0.1", async () => {
    const world = new VisitWorld();
    await examine(world.ports, request({ local: true, ssh: false }));
    expect(served(world)).toEqual(["127.0.0.1:2375", "127.0.0.1:2376"]);
    const bare = new VisitWorld();
    bare.facts = hostFacts({}, { addresses: [] });
    await examine(bare.ports, request({ local: true }));
    expect(served(bare)).toEqual(["127.0.0.1:2375", "127.0.0.1:2376"]);
    const lined = await withLine({ target: null });
    await examine(lined.ports, request({ local: true }));
    expect(served(lined)).toContain("192.0.2.7:2376");
  });

  test("comes after the named targets", async () => {
    const found = await findTargets((await withLine()).ports, { words: ["vps"], local: true });
    expect(found.map(({ name }) => name)).toEqual(["vps", "this machine"]);
  });
});

describe("a visit", () => {
  test("to several targets keeps their endpoints apart", async () => {
    const world = new VisitWorld();
    const words = ["root@192.0.2.8", "192.0.2.9:4000"];
    const subjects = await examine(world.ports, request({ words, ssh: false }));
    const seen = subjects.map(({ endpoints }) =>
      endpoints.map(({ endpoint: { host, port } }) => `${host}:${port}`),
    );
    expect(seen).toEqual([["192.0.2.8:2375", "192.0.2.8:2376"], ["192.0.2.9:4000"]]);
  });

  test("verifies the server with the line's CA only for the line's own probe", async () => {
    const world = await withLine({ mode: "gateway" });
    await examine(world.ports, request({ ssh: false }));
    const [item] = world.surveys[0] ?? [];
    const { line, ...others } = item?.credentials ?? {};
    const read = (file: "ca" | "cert" | "key") => world.lines.readFile("vps", `docker/${file}.pem`);
    const identity = { certPem: await read("cert"), keyPem: await read("key") };
    expect(line).toEqual({ kind: "tls", caPem: await read("ca"), identity });
    expect(Object.keys(others).toSorted()).toEqual(["expired", "server-usage", "unlisted", "untrusted"]);
    for (const one of Object.values(others)) expect(one).toMatchObject({ kind: "insecure", identity: {} });
  });

  test("reports only the hosts that it inspects from inside", async () => {
    const inspected = async (over: Partial<VisitRequest>) => {
      const world = await withLine();
      await examine(world.ports, request(over));
      return world.events.filter(({ kind }) => kind === "inspecting").length;
    };
    expect(await inspected({})).toBe(1);
    expect(await inspected({ ssh: false })).toBe(0);
    expect(await inspected({ words: ["192.0.2.9:2376"] })).toBe(0);
  });

  test("also probes the other ports of an address that presents the same certificate", async () => {
    const world = await withLine({ addresses: ["192.0.2.7", "192.0.2.8", "192.0.2.9"] });
    const authority = await openAuthority(await makeAuthority({ subject: "x", now: NOW }));
    const serves = async () => {
      const options = { publicKey: makeKeyPair().publicKey, names: normaliseNames(["192.0.2.7"]), now: NOW };
      const certificatePem = await issueServer(authority, options);
      const answer = { status: 200, apiVersion: "1.41", body: "OK" };
      return endpointReport({
        line: { kind: "answered", answer, tls: { version: "TLSv1.3", certificatePem } },
      });
    };
    const [ours, theirs] = [await serves(), await serves()];
    for (const [host, report] of [
      ["7", ours],
      ["8", ours],
      ["9", theirs],
    ] as const)
      world.endpoints.set(`192.0.2.${host}:2376`, { probes: report.probes, offer: null });
    const [subject] = await examine(world.ports, request({ ssh: false }));
    expect(world.surveys[1]?.map(({ planned }) => planned.endpoint)).toEqual([
      { host: "192.0.2.8", port: 2375 },
    ]);
    expect(subject?.endpoints.map(({ endpoint: { host, port } }) => `${host}:${port}`)).toEqual([
      ...["192.0.2.7:2376", "192.0.2.7:2375", "192.0.2.8:2376", "192.0.2.8:2375"],
    ]);
  });
});

test.each([
  ["2001:db8::a:7", { way: "2001:db8::a:7", host: "2001:db8::a:7", only: null }],
  ["[2001:db8::7]", { way: "2001:db8::7", only: null }],
])("%s is an address without a port: a destination of ssh", async (word, expected) => {
  expect(await targetOf(new VisitWorld(), word)).toMatchObject(expected);
});

test.each(["192.0.2.7:22x", "x [2001:db8::7]:22"])("%s is neither an endpoint nor a host", async (word) => {
  const failure = targetOf(new VisitWorld(), word);
  await expect(failure).rejects.toMatchObject({ code: "USAGE" });
});

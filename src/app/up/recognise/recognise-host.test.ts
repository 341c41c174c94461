/** Which line a host is recognised as, by what, and what is kept of an `up` that was killed. */
import { describe, expect, test } from "vitest";
import { failureOf } from "../../../../test/support/app/change.ts";
import { carrying } from "../../../../test/support/app/down-world.ts";
import { EMPTY_FILES } from "../../../../test/support/app/lines.ts";
import { upRequest, upWorld, type World } from "../../../../test/support/app/up-world.ts";
import { hostFacts } from "../../../../test/support/host-facts.ts";
import { sampleLine } from "../../../../test/support/sample-line.ts";
import { formatLine, type Line } from "../../../line/index.ts";
import { publicKeyFingerprint } from "../../../pki/index.ts";
import type { UpRequest } from "../request.ts";
import { recogniseHost } from "./recognise-host.ts";

const recognise = ({ ports, host }: World, over: Partial<UpRequest> = {}) =>
  recogniseHost(
    ports,
    upRequest(over),
    { shell: host, hostname: "192.0.2.7", place: null },
    { facts: host.state, target: "core@vps", defaultName: "vps" },
  );

/** The line `vps`, and whether its host holds the key that the line recorded. */
function lineOf({ host }: World, isHeld: boolean): Line {
  const held = publicKeyFingerprint(host.publicKey) ?? "";
  return sampleLine({ host: { serverKeys: [isHeld ? held : "a".repeat(64)], reachedAt: [], ssh: null } });
}

/** The names of the pending lines that are read. */
function pendingReads({ lines }: World): string[] {
  const names: string[] = [];
  const pending = lines.pending.bind(lines);
  const recorded = (name: string) => {
    names.push(name);
    return pending(name);
  };
  Object.assign(lines, { pending: recorded });
  return names;
}

describe("a host is the line's", () => {
  const kept = (isHeld: boolean) => {
    const world = upWorld();
    const line = lineOf(world, isHeld);
    world.lines.keep(line);
    world.host.state = carrying(line, world.host.publicKey);
    return { world, line };
  };
  test("by its key, and then nobody's word is needed", async () => {
    const { world, line } = kept(true);
    const reads = pendingReads(world);
    expect(await recognise(world)).toMatchObject({ before: line, byUser: false, seen: { proven: line.id } });
    expect(world.asked).toEqual([]);
    expect(reads, "only the one that its journal names").toEqual(["vps"]);
  });
  test("by --accept-host, or by a yes", async () => {
    const { world, line } = kept(false);
    expect(await recognise(world, { acceptHost: "vps" })).toMatchObject({ before: line, byUser: true });
    expect(world.asked).toEqual([]);
    expect(await recognise(world)).toMatchObject({ before: line, byUser: true, seen: { proven: null } });
    expect(world.asked).toMatchObject([{ kind: "new-host", line: "vps" }]);
  });
  test("a new line is nobody's yet", async () => {
    const world = upWorld();
    const reads = pendingReads(world);
    expect(await recognise(world, { name: "new" })).toMatchObject({
      ...{ before: null, name: "new", byUser: false, lines: [] },
    });
    expect(reads, "only the one of its name").toEqual(["new"]);
  });
});

describe("a line that a killed up left, and that the host's journal names", () => {
  const pending = async (isHeld: boolean) => {
    const world = upWorld();
    const line = lineOf(world, isHeld);
    await world.lines.stage("vps", { "line.json": formatLine(line), ...EMPTY_FILES });
    world.host.state = carrying(line, world.host.publicKey);
    return { world, line };
  };
  test("is kept if the host proves to be its host", async () => {
    const { world, line } = await pending(true);
    expect(await recognise(world)).toMatchObject({ before: line, byUser: false });
    expect([world.lines.kept.size, world.lines.staged.size]).toEqual([1, 0]);
  });
  test("stays pending if the host only claims it", async () => {
    const { world } = await pending(false);
    expect(await failureOf(recognise(world))).toMatchObject({ code: "HOST_HAS_LINE" });
    expect([world.lines.kept.size, world.lines.staged.size]).toEqual([0, 1]);
  });
});

test("a damaged line is an error under its own name, also beside lines that can be read", async () => {
  const world = upWorld();
  const target = "root@api";
  world.lines.keep(sampleLine({ name: "api", id: "00000000000000bb", target, address: "192.0.2.9" }));
  world.lines.kept.set("vps", new Map([["line.json", "{"]]));
  world.host.state = hostFacts();
  expect(await failureOf(recognise(world))).toMatchObject({ code: "LINE_BROKEN" });
  expect(await recognise(world, { name: "third" })).toMatchObject({ before: null, name: "third" });
  expect(world.events).toEqual([
    { kind: "notice", id: "line-damaged", name: "vps" },
    { kind: "notice", id: "line-damaged", name: "vps" },
  ]);
  world.host.state = carrying(sampleLine(), world.host.publicKey);
  expect(await failureOf(recognise(world, { name: "third" }))).toMatchObject({ code: "LINE_BROKEN" });
});

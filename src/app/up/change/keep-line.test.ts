/** Which files the laptop has before, during and after a change of the host. */
import { describe, expect, test } from "vitest";
import {
  AS_BEFORE,
  CONFIRMED,
  change,
  failureOf,
  TOO_LATE,
  UNKNOWN,
  whatIsLeft,
} from "../../../../test/support/app/change.ts";
import { failed, lost } from "../../../../test/support/app/fake-host.ts";
import { EMPTY_FILES } from "../../../../test/support/app/lines.ts";
import { preparedFor, upWorld, type World } from "../../../../test/support/app/up-world.ts";
import { sampleLine } from "../../../../test/support/sample-line.ts";
import { TetherdockError } from "../../../base/index.ts";
import { formatContextMeta, formatLine, parseLine } from "../../../line/index.ts";
import { publicKeyFingerprint } from "../../../pki/index.ts";

const keyOf = ({ host }: World) => publicKeyFingerprint(host.publicKey);

describe("staging a new line", () => {
  test("all five files, including the CA key, are staged before the host changes", async () => {
    const world = upWorld();
    const prepared = await preparedFor(world);
    const { identity, line } = prepared;
    let staged: object | undefined;
    world.host.onRun = (kind) => {
      if (kind === "key") staged = Object.fromEntries(world.lines.staged.get("vps") ?? []);
    };
    await change(world, prepared);
    const files = {
      "docker/ca.pem": identity.ca,
      "docker/cert.pem": identity.certificate,
      "docker/key.pem": identity.key,
      "ca/ca-key.pem": identity.caKey,
    };
    expect(staged).toEqual({ "line.json": formatLine(line), ...files });
    const kept = Object.fromEntries(world.lines.kept.get("vps") ?? []);
    expect(kept).toMatchObject(files);
    expect(parseLine(kept["line.json"] ?? "", "line.json").host.serverKeys).toEqual([keyOf(world)]);
  });

  test("the host's new key is written before the host confirms", async () => {
    const world = upWorld();
    let keys: readonly string[] = [];
    world.host.onRun = (kind) => {
      if (kind !== "confirm") return;
      keys = parseLine(world.lines.staged.get("vps")?.get("line.json") ?? "", "line.json").host.serverKeys;
    };
    await change(world, await preparedFor(world));
    expect(keys).toEqual([keyOf(world)]);
  });

  test("files that a killed up left for the same host are replaced", async () => {
    const world = upWorld();
    const prepared = await preparedFor(world);
    const left = formatLine({ ...prepared.line, id: "f".repeat(16) });
    await world.lines.stage("vps", { "line.json": left, ...EMPTY_FILES });
    await change(world, prepared);
    expect((await world.lines.read("vps")).id).toBe(prepared.line.id);
  });

  test("files that an up to another host left are neither replaced nor deleted", async () => {
    const world = upWorld();
    const prepared = await preparedFor(world);
    const left = formatLine({ ...prepared.line, id: "f".repeat(16), target: "root@other" });
    await world.lines.stage("vps", { "line.json": left, ...EMPTY_FILES });
    expect(await failureOf(change(world, prepared))).toMatchObject({
      code: "LINE_PENDING",
      why: [AS_BEFORE],
    });
    expect(world.lines.staged.get("vps")?.get("line.json")).toBe(left);
    expect(whatIsLeft(world)).toBe("pending");
  });

  test("a line that cannot be staged leaves the host as it was", async () => {
    const world = upWorld();
    world.lines.onWrite = (what) => {
      if (what === "stage") throw new TetherdockError("FILE_FAILED", "the disk is full");
    };
    const error = await failureOf(change(world, await preparedFor(world)));
    expect(error).toMatchObject({ code: "FILE_FAILED", why: [AS_BEFORE] });
    expect(world.host.ran).toEqual(["open", "undo"]);
  });

  test("a failed cleanup does not hide why the change failed", async () => {
    const world = upWorld();
    world.lines.onWrite = (what) => {
      if (what === "updatePending") throw new TetherdockError("FILE_FAILED", "the disk is full");
      if (what === "discard") throw new TetherdockError("FILE_FAILED", "cannot delete the folder");
    };
    const error = await failureOf(change(world, await preparedFor(world)));
    expect(error).toMatchObject({ message: "the disk is full", why: [AS_BEFORE] });
  });

  test("a line that cannot be saved once the host has confirmed stays pending, and nothing is undone", async () => {
    const world = upWorld();
    world.lines.onWrite = (what) => {
      if (what === "commit") throw new TetherdockError("FILE_FAILED", "the disk is full");
    };
    const error = await failureOf(change(world, await preparedFor(world)));
    expect(error).toMatchObject({ code: "FILE_FAILED", why: [CONFIRMED], details: { undone: false } });
    expect(world.host.ran.at(-1)).toBe("confirm");
    expect(whatIsLeft(world)).toBe("pending");
  });

  test("with a busy host nothing changes, here or on the host", async () => {
    const world = upWorld();
    world.host.endings.open = failed(17);
    expect(await failureOf(change(world, await preparedFor(world)))).toMatchObject({ code: "HOST_BUSY" });
    expect(world.host.ran).toEqual(["open"]);
    expect(whatIsLeft(world)).toBe("nothing");
  });
});

describe("an existing line", () => {
  async function changed(world: World) {
    const before = sampleLine({ host: { serverKeys: ["a".repeat(64)], reachedAt: [], ssh: null } });
    const prepared = await preparedFor(world, { before });
    const { identity } = prepared;
    const files = {
      "docker/ca.pem": identity.ca,
      "docker/cert.pem": "an older one",
      "docker/key.pem": identity.key,
      "ca/ca-key.pem": identity.caKey,
    };
    world.lines.keep(before, files);
    const tls = { "ca.pem": identity.ca, "cert.pem": "an older one", "key.pem": identity.key };
    await world.contexts.write("work", formatContextMeta("work", before), tls);
    await world.contexts.write("other", '{"Name":"other"}', tls);
    return { before, prepared };
  }

  test("gets the new certificate, and so do its docker contexts and no others", async () => {
    const world = upWorld();
    const { prepared } = await changed(world);
    await change(world, prepared);
    const { certificate } = prepared.identity;
    expect(await world.lines.readFile("vps", "docker/cert.pem")).toBe(certificate);
    expect(world.contexts.kept.get("work")?.files["cert.pem"]).toBe(certificate);
    expect(world.contexts.kept.get("other")?.files["cert.pem"]).toBe("an older one");
    expect(world.events.filter(({ kind }) => kind === "notice")).toEqual([
      { kind: "notice", id: "context-refreshed", name: "work" },
    ]);
    expect((await world.lines.read("vps")).host.serverKeys).toEqual([keyOf(world)]);
  });

  test("keeps a client certificate that is not due for renewal", async () => {
    const world = upWorld();
    const { prepared } = await changed(world);
    await change(world, { ...prepared, identity: { ...prepared.identity, fresh: false } });
    expect(await world.lines.readFile("vps", "docker/cert.pem")).toBe("an older one");
  });

  test("records both the old and the new key while it is unknown whether the host confirmed", async () => {
    const world = upWorld();
    const { before, prepared } = await changed(world);
    Object.assign(world.host.endings, { confirm: lost, undo: lost });
    expect((await failureOf(change(world, prepared))).why.at(-1)).toBe(UNKNOWN);
    const { serverKeys } = (await world.lines.read("vps")).host;
    expect(serverKeys).toEqual([keyOf(world), ...before.host.serverKeys]);
    expect(await world.lines.readFile("vps", "docker/cert.pem")).toBe("an older one");
  });

  test("does not change by a byte if the host undoes the change", async () => {
    const world = upWorld();
    const { before, prepared } = await changed(world);
    world.host.endings.confirm = failed(TOO_LATE);
    await failureOf(change(world, prepared));
    expect(await world.lines.readFile("vps", "line.json")).toBe(formatLine(before));
    expect(await world.lines.readFile("vps", "docker/cert.pem")).toBe("an older one");
    expect(world.contexts.kept.get("work")?.files["cert.pem"]).toBe("an older one");
  });
});

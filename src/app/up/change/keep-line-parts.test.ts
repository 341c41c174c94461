/** What a line records of its host, and which of its files are written. */
import { describe, expect, test } from "vitest";
import { failureOf } from "../../../../test/support/app/change.ts";
import { MemoryLines } from "../../../../test/support/app/lines.ts";
import { MemoryContexts } from "../../../../test/support/app/memory-contexts.ts";
import { sampleLine } from "../../../../test/support/sample-line.ts";
import { TetherdockError } from "../../../base/index.ts";
import type { AddressProof } from "../../../host/index.ts";
import { formatLine } from "../../../line/index.ts";
import type { UpPorts } from "../ports.ts";
import type { Prepared } from "../prepared.ts";
import { discardStaged, forgetKey, keepKey, keepLine, withHost } from "./keep-line.ts";

const [OLD, NEW] = ["a".repeat(64), "b".repeat(64)];
const line = (...serverKeys: string[]) =>
  sampleLine({ host: { serverKeys, reachedAt: ["192.0.2.1"], ssh: null } });

function stage() {
  const lines = new MemoryLines();
  const writes: string[] = [];
  lines.onWrite = (what) => {
    writes.push(what);
  };
  return { lines, writes, ports: { lines } as unknown as UpPorts };
}

test("the host was reached where its key was proven, and the certificate does not say so already", () => {
  const proof = (host: string, over: object) =>
    ({
      named: false,
      required: true,
      state: "proven",
      target: { endpoint: { host } },
      ...over,
    }) as AddressProof;
  const proofs = [
    proof("192.0.2.9", {}),
    proof("192.0.2.8", {}),
    proof("192.0.2.2", { named: true }),
    proof("192.0.2.3", { required: false }),
    proof("192.0.2.4", { state: "unreachable" }),
    proof("192.0.2.5", { named: true, required: false }),
    proof("192.0.2.6", { required: false, state: "unreachable" }),
  ];
  expect(withHost(line(OLD), NEW, proofs)).toEqual({
    ...line(),
    host: { serverKeys: [NEW], reachedAt: ["192.0.2.8", "192.0.2.9"], ssh: null },
  });
});

describe("a new line that is already kept", () => {
  const prepared = { line: line(NEW), before: null } as unknown as Prepared;

  test("by another up for the same host: nothing more to do", async () => {
    const { ports, lines } = stage();
    lines.keep(line(NEW));
    await keepLine(ports, prepared);
  });

  test("by another host's up, or not at all: the error is passed on", async () => {
    const { ports, lines } = stage();
    const failure = await failureOf(keepLine(ports, prepared));
    expect(failure).toBeInstanceOf(Error);
    lines.keep({ ...line(NEW), id: "f".repeat(16) });
    lines.onWrite = () => {
      throw failure;
    };
    expect(await failureOf(keepLine(ports, prepared))).toBe(failure);
  });
});

test("a line that exists and did not change is not written", async () => {
  const { ports, lines, writes } = stage();
  lines.keep(line(OLD));
  const contexts = new MemoryContexts();
  const prepared = {
    line: line(OLD),
    before: line(OLD),
    identity: { fresh: false, caChange: { kept: [], atOnce: null } },
  } as unknown as Prepared;
  await keepLine({ ...ports, contexts: async () => contexts }, prepared);
  expect(writes).toEqual([]);
  await keepLine({ ...ports, contexts: async () => contexts }, { ...prepared, line: line(NEW) });
  expect(writes).toEqual(["update"]);
});

describe("a line's server keys", () => {
  test("old and new are written together; nothing is written if there is no new one", async () => {
    const { ports, lines, writes } = stage();
    lines.keep(line(OLD));
    await keepKey(ports, line(OLD), line(OLD));
    expect(writes).toEqual([]);
    await keepKey(ports, line(NEW), line(OLD));
    expect(writes).toEqual(["update"]);
    expect((await lines.read("vps")).host.serverKeys).toEqual([NEW, OLD]);
  });

  test("are as before once the host has undone the change; an unchanged file is not written", async () => {
    const { ports, lines, writes } = stage();
    lines.keep(line(OLD));
    await forgetKey(ports, line(OLD));
    expect(writes).toEqual([]);
    lines.keep(line(NEW, OLD));
    await forgetKey(ports, line(OLD));
    expect(await lines.readFile("vps", "line.json")).toBe(formatLine(line(OLD)));
  });
});

test.each([
  ["discarding", (ports: UpPorts) => discardStaged(ports, line())],
  ["restoring the key", (ports: UpPorts) => forgetKey(ports, line(OLD))],
])("%s: what the disk refuses is no error, what is a bug is one", async (_what, act) => {
  const { ports, lines } = stage();
  lines.keep(line(NEW));
  lines.onWrite = () => {
    throw new TetherdockError("FILE_FAILED", "the disk is full");
  };
  await act(ports);
  const bug = new Error("a bug");
  lines.onWrite = () => {
    throw bug;
  };
  expect(await failureOf(act(ports))).toBe(bug);
});

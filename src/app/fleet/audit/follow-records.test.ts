/** What is said while hosts that only the store reaches are followed. */
import { expect, test } from "vitest";
import { fleetStage } from "../../../../test/support/fleet/fleet-stage.ts";
import { json, TetherdockError } from "../../../base/index.ts";
import { judgeQuestion, type OperatorStore, sealAnswer } from "../../../fleet/index.ts";
import { joinHosts } from "../fleet.ts";
import { openFleet } from "../open-fleet.ts";
import type { FleetAuditPorts } from "./fleet-audit.ts";
import { followFleetAudit } from "./follow-records.ts";

const readFiles = <T>(reader: json.Read<T>): T => {
  const read = json.read('{"files":[]}', reader);
  return "value" in read ? read.value : expect.fail(read.problems.join());
};

type Copy = ReturnType<FleetAuditPorts["auditCopy"]>;
const NAME = "audit-00000001.jsonl";

/** No line reaches the host. */
// biome-ignore lint/correctness/useYield: see above
async function* away(): AsyncGenerator<string> {
  throw new TetherdockError("GATEWAY_UNREACHABLE", "the gateway does not answer");
}

/** One host. Its log gets a byte with each fetch. */
async function stage(
  check: Copy["check"],
  lines: FleetAuditPorts["gateway"]["lines"] = away,
  ...more: string[]
) {
  const { ports, host } = await fleetStage("web", ...more);
  await joinHosts(ports, undefined, ["web", ...more]);
  const opened = await openFleet(ports, undefined);
  host("web").isAway = true;
  const over = new AbortController();
  const state = { size: 0, copied: 0, isLost: false, fetches: 0 };
  const ask: NonNullable<OperatorStore["ask"]> = async (name, text) => {
    if (state.isLost) throw new TetherdockError("FLEET_STORE_FAILED", "the store is away");
    const judged = judgeQuestion(text, opened.kept, name, Date.now());
    if ("refused" in judged) return expect.fail(judged.refused);
    const value =
      judged.question.call === "audit/files"
        ? { files: [{ name: NAME, bytes: ++state.size }] }
        : { size: state.size, bytes: "eA==" };
    return sealAnswer(text, judged.question, { status: 200, value }, host("web").receiptKey ?? expect.fail());
  };
  const copy = {
    sizes: async () => new Map([[NAME, state.copied]]),
    write: async () => {
      state.copied += 1;
    },
    header: async () => undefined,
    room: async () => ({ free: 1e12, size: 1e12 }),
    check,
    async *records({ signal }: { signal: AbortSignal }) {
      yield '{"time":1}';
      await new Promise<void>((resolve) => signal.addEventListener("abort", () => resolve()));
    },
  } as unknown as Copy;
  const store = { ask, close: async () => {}, published: async () => null } as unknown as OperatorStore;
  const all: FleetAuditPorts = {
    ...ports,
    gateway: {
      ...ports.gateway,
      ...(lines !== away && { call: async (_access, _call, reader) => readFiles(reader) }),
      lines,
    },
    fleets: {
      ...ports.fleets,
      read: async (name) => ({
        ...(await ports.fleets.read(name)),
        store: { address: { urls: ["nats://a.example"], ca: null }, settings: "" },
      }),
    },
    openStore: async () => store,
    auditCopy: () => copy,
    pause: async (ms) => {
      if (ms === 2_000) state.fetches += 1;
      await new Promise(setImmediate);
    },
  };
  const errors: string[] = [];
  const following = (async () => {
    const query = { signal: over.signal };
    const place = { fleet: undefined, host: undefined };
    const told = {
      onError: (_host: string, { message }: Error) => void errors.push(message),
      onAgain: (host: string) => void errors.push(`${host} again`),
    };
    // A record from a line is the last that is read.
    for await (const _ of followFleetAudit(all, place, query, told)) if (lines !== away) break;
  })();
  const stop = async () => {
    over.abort();
    await following;
  };
  return { state, errors, stop, following };
}

test("a broken seal is said once, and the host is followed on", async () => {
  const { state, errors, stop } = await stage(async () => [
    { file: NAME, line: 1, what: "there is no header" },
  ]);
  await expect.poll(() => state.fetches).toBeGreaterThan(10);
  await stop();
  expect(errors).toEqual([expect.stringContaining("there is no header")]);
});

test("a store that fails is told once each time, and followed on when it is back", async () => {
  const { state, errors, stop } = await stage(async () => []);
  const until = (more: number) => {
    const from = state.fetches;
    return expect.poll(() => state.fetches - from).toBeGreaterThan(more);
  };
  await until(3);
  for (const _ of [1, 2]) {
    state.isLost = true;
    await until(5);
    state.isLost = false;
    const size = state.copied;
    await expect.poll(() => state.copied).toBeGreaterThan(size + 2);
  }
  await stop();
  expect(errors).toEqual(["the store is away", "the store is away"]);
});

test("who stops reading ends the lines that are silent", async () => {
  const [begun, ended]: [number[], number[]] = [[], []];
  const lines: FleetAuditPorts["gateway"]["lines"] = async function* (_access, { signal }) {
    const at = begun.push(begun.length);
    const isOver = new Promise((resolve) => signal?.addEventListener("abort", resolve));
    if (at === 2) yield '{"time":1}';
    await isOver;
    ended.push(at);
  };
  const { following } = await stage(async () => [], lines, "db");
  await following;
  await expect.poll(() => [begun.length, ended]).toEqual([2, [1]]);
});

test("a host whose gateway ends in order is told once, and followed on", async () => {
  let opened = 0;
  const lines: FleetAuditPorts["gateway"]["lines"] = async function* () {
    opened += 1;
    if (opened === 4) yield '{"time":1}';
  };
  const { errors, following } = await stage(async () => [], lines);
  await following;
  const ended = "its gateway has ended";
  expect(errors).toEqual([ended, "web again", ended, "web again", ended, "web again"]);
});

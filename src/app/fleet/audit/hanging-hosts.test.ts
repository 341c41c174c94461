/** How long an audit takes where many lines hang and many hosts do not answer through the store either. */
import { setImmediate } from "node:timers/promises";
import { afterEach, expect, test, vi } from "vitest";
import { fleetStage } from "../../../../test/support/fleet/fleet-stage.ts";
import { SECOND_MS, TetherdockError } from "../../../base/index.ts";
import { judgeQuestion, type OperatorStore, sealAnswer } from "../../../fleet/index.ts";
import { joinHosts } from "../fleet.ts";
import { openFleet } from "../open-fleet.ts";
import { type FleetAuditPorts, fetchFleetAudit } from "./fleet-audit.ts";

afterEach(() => void vi.useRealTimers());

const HOSTS = 100;
const LINE_FAILS_MS = 15 * SECOND_MS;
const place = { fleet: undefined, host: undefined };
const lost = () => new TetherdockError("GATEWAY_UNREACHABLE", "it does not answer");

const wait = (ms: number, signal?: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    setTimeout(resolve, ms);
    signal?.addEventListener("abort", () => resolve());
  });

/** No line answers. Through the store, each second host answers at once, and the others never do. */
async function stage() {
  const names = Array.from({ length: HOSTS }, (_, at) => `host-${at}`);
  const { ports, host } = await fleetStage(...names);
  await joinHosts(ports, undefined, names);
  const opened = await openFleet(ports, undefined);
  vi.useFakeTimers({ toFake: ["setTimeout"] });
  const served: { readonly host: string; readonly at: number }[] = [];
  let now = 0;
  const ask: NonNullable<OperatorStore["ask"]> = async (name, text, ms) => {
    if (Number(name.slice("host-".length)) % 2 === 1) {
      await wait(ms);
      throw lost();
    }
    served.push({ host: name, at: now });
    const judged = judgeQuestion(text, opened.kept, name, ports.clock());
    if ("refused" in judged) return expect.fail(judged.refused);
    const said = { status: 200, value: { files: [] } };
    return sealAnswer(text, judged.question, said, host(name).receiptKey ?? expect.fail());
  };
  const all: FleetAuditPorts = {
    ...ports,
    gateway: {
      ...ports.gateway,
      async call(_access, { signal }) {
        await wait(LINE_FAILS_MS, signal);
        throw lost();
      },
    },
    fleets: {
      ...ports.fleets,
      read: async (name) => ({
        ...(await ports.fleets.read(name)),
        store: { address: { urls: ["nats://a.example"], ca: null }, settings: "" },
      }),
    },
    openStore: async () =>
      ({ ask, close: async () => {}, published: async () => null }) as unknown as OperatorStore,
    auditCopy: () =>
      ({ sizes: async () => new Map(), header: async () => undefined }) as unknown as ReturnType<
        FleetAuditPorts["auditCopy"]
      >,
    pause: wait,
  };
  /** @returns the time that it takes, in the timers' milliseconds */
  const timed = async (work: Promise<unknown>): Promise<number> => {
    let isOver = false;
    void work.finally(() => {
      isOver = true;
    });
    for (; !isOver; now += 100) {
      await vi.advanceTimersByTimeAsync(100);
      for (let turn = 0; turn < 20; turn += 1) await setImmediate();
    }
    return now;
  };
  return { ports: all, served, timed };
}

test("of 100 hosts whose lines hang, those that answer through the store are served within a minute, and all are done in two", async () => {
  const { ports, served, timed } = await stage();
  const fetching = fetchFleetAudit(ports, place);
  const ms = await timed(fetching);
  const { hosts } = await fetching;
  expect(hosts.filter((one) => "fetched" in one)).toHaveLength(HOSTS / 2);
  const last = Math.max(...served.map(({ at }) => at));
  expect(last).toBeLessThan(70 * SECOND_MS);
  expect(ms).toBeLessThan(110 * SECOND_MS);
});

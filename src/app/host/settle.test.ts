/** A change that is open on the host: who waits for it, who does not, and what is reported. */
import { describe, expect, test } from "vitest";
import { failureOf } from "../../../test/support/app/change.ts";
import { printFacts } from "../../../test/support/app/print-facts.ts";
import { hostFacts } from "../../../test/support/host-facts.ts";
import { Foreign, TetherdockError } from "../../base/index.ts";
import type { HostShell, TransactionFact } from "../../facts/index.ts";
import { lookAtRest, lookSettled } from "./look.ts";
import type { LookEvent } from "./ports.ts";

const ABOUT = {
  ...{ lineId: "0123456789abcdef", lineName: "vps", port: 2376, exposedPorts: [], by: "bob@desk" },
  ...{ at: "2026-01-31T08:00:00.000Z", version: "1.0.0" },
};
const transaction = (over: Partial<TransactionFact> = {}): TransactionFact =>
  ({
    number: 2,
    state: "pending",
    ownerAlive: true,
    restarted: false,
    about: ABOUT,
    entries: [],
    ...over,
  }) as TransactionFact;
const done = transaction({ number: 1, state: "confirmed", ownerAlive: false });

/**
 * @param looks the transactions at each look
 * @param torn looks during which a change began or ended
 */
function stage(looks: readonly (readonly TransactionFact[])[], status = 0, torn: readonly number[] = []) {
  const ran: string[] = [];
  const events: LookEvent[] = [];
  const abort = new AbortController();
  const shell = {
    run: async (script: string, timeoutMs: number) => {
      const isLook = script.includes("facts-u");
      ran.push(`${isLook ? "look" : "settle"} ${timeoutMs}`);
      const nth = ran.filter((one) => one.startsWith("look")).length;
      const transactions = looks[Math.min(nth, looks.length) - 1] ?? [];
      const stdout = isLook
        ? printFacts(
            hostFacts({}, { transactions: [...transactions], isSteady: !torn.includes(nth) }),
            "facts-u",
          )
        : "1\n2";
      return { status: isLook ? 0 : status, stdout, stderr: new Foreign(isLook ? "" : "cannot write\n") };
    },
  } as unknown as HostShell;
  const random = { uuid: () => "u", hex: () => "" };
  const report = (event: LookEvent) => {
    events.push(event);
  };
  return { ran, events, abort, shell, ports: { random, signal: abort.signal, report } };
}

describe("lookSettled()", () => {
  test("a host without an open change is looked at once", async () => {
    for (const looks of [[], [done]]) {
      const { ran, events, shell, ports } = stage([looks]);
      expect((await lookSettled(ports, shell)).transactions).toHaveLength(looks.length);
      expect([ran, events]).toEqual([["look 90000"], []]);
    }
  });

  test.each([
    ["one whose shell lives is waited for", transaction(), { id: "waits", by: "bob@desk" }],
    [
      "one whose shell is gone is undone",
      transaction({ ownerAlive: false }),
      { id: "puts-back", by: "bob@desk" },
    ],
    [
      "one that is confirmed and still disarms its undo is waited for",
      transaction({ state: "confirmed" }),
      { id: "waits", by: "bob@desk" },
    ],
    ["nobody knows whose", transaction({ about: null, state: "undoing" }), { id: "waits", by: null }],
  ])("%s", async (_what, open, event) => {
    const { ran, events, shell, ports } = stage([[done, open], [done]]);
    expect((await lookSettled(ports, shell)).transactions).toHaveLength(1);
    expect(ran).toEqual(["look 90000", "settle 960000", "look 90000"]);
    expect(events).toEqual([{ kind: "notice", ...event }]);
  });

  test("one that does not end is an error with the host's last words", async () => {
    for (const [after, status] of [
      [[transaction()], 0],
      [[done], 1],
    ] as const) {
      const { shell, ports } = stage([[transaction()], after], status);
      expect(await failureOf(lookSettled(ports, shell))).toMatchObject({
        code: "HOST_UNDO_FAILED",
        why: ["1", "2", expect.stringContaining("cannot write")],
        hints: [expect.stringContaining("/0002/undo.sh now")],
      });
    }
  });

  test("Ctrl-C during the look changes nothing", async () => {
    for (const look of [lookSettled, lookAtRest]) {
      const { ran, abort, shell, ports } = stage([[transaction()]]);
      const reason = new TetherdockError("INTERRUPTED", "interrupted");
      abort.abort(reason);
      expect(await failureOf(look(ports, shell))).toBe(reason);
      expect(ran).toEqual(["look 90000"]);
    }
  });
});

describe("a change begins or ends during the look", () => {
  test.each([lookSettled, lookAtRest])("$name looks again until none does", async (look) => {
    const { ran, shell, ports } = stage([[], [], [done]], 0, [1, 2]);
    expect((await look(ports, shell)).transactions).toEqual([done]);
    expect(ran).toEqual(Array(3).fill("look 90000"));
  });

  test("one that is open at the end is waited for, and so is what follows it", async () => {
    const { ran, shell, ports } = stage([[transaction()], [], [done]], 0, [1, 2]);
    expect((await lookSettled(ports, shell)).transactions).toEqual([done]);
    expect(ran).toEqual(["look 90000", "settle 960000", "look 90000", "look 90000"]);
  });

  test("a host that never rests is busy", async () => {
    const { ran, shell, ports } = stage([[]], 0, [1, 2, 3, 4, 5]);
    expect(await failureOf(lookSettled(ports, shell))).toMatchObject({ code: "HOST_BUSY" });
    expect(ran).toHaveLength(5);
  });
});

describe("lookAtRest()", () => {
  test("a host at rest is looked at once", async () => {
    const { ran, shell, ports } = stage([[done]]);
    expect((await lookAtRest(ports, shell)).transactions).toHaveLength(1);
    expect(ran).toEqual(["look 90000"]);
  });

  test.each([
    [transaction(), "a change by bob@desk is open on the host", /^it is in progress$/],
    [transaction({ ownerAlive: false, about: null }), "a change is open on the host", /^it was interrupted/],
  ])("neither waits for an open change nor undoes it", async (open, message, why) => {
    const { ran, events, shell, ports } = stage([[open]]);
    expect(await failureOf(lookAtRest(ports, shell))).toMatchObject({
      ...{ code: "HOST_BUSY", message, why: [expect.stringMatching(why), expect.stringMatching(/dry run/)] },
      hints: ["run this again in a few minutes, or without --dry-run"],
    });
    expect([ran, events]).toEqual([["look 90000"], []]);
  });
});

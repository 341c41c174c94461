import { describe, expect, test } from "vitest";
import {
  answered,
  api,
  broken,
  clientEnded,
  denied,
  dockerEnded,
  drain,
  head,
  judge,
  judged,
  run,
  toDocker,
} from "../../../test/support/gateway/flow-events.ts";
import type { Event } from "./state.ts";
import { TOO_LARGE } from "./transition.ts";

describe("a raw pipe", () => {
  test("begins only on dockerd's answer", () => {
    expect(run([{ type: "upgraded" }]).at).toBe("idle");
    const { at, did } = run([head(toDocker), { type: "upgraded" }]);
    expect([at, did]).toEqual(["raw", ["forward", "become-raw"]]);
  });

  test("forwards each side's end", () => {
    const { state } = run([head(toDocker), { type: "upgraded" }]);
    expect(run([dockerEnded("half"), clientEnded()], state).did).toEqual(["half-close-client", "end-docker"]);
    expect(run([clientEnded(), dockerEnded("half")], state).did).toEqual(["end-docker", "finish", "leave"]);
  });

  test("of a client that ended before: dockerd gets the end", () => {
    const { did } = run([head(toDocker), clientEnded(true), { type: "upgraded" }]);
    expect(did).toEqual(["forward", "become-raw", "end-docker"]);
  });
});

describe("dockerd ends", () => {
  test("without an answer: 502, and the connection ends", () => {
    const { at, effects } = run([head(toDocker), dockerEnded("unanswered")]);
    expect(at).toBe("leaving");
    expect(effects[1]).toMatchObject({
      do: "refuse",
      close: true,
      refusal: { status: 502, text: "Docker on the host did not answer: gone", error: "gone" },
    });
  });

  test("in the middle of an answer: both sides are closed", () => {
    expect(run([head(toDocker), dockerEnded("cut")]).effects[1]).toEqual({ do: "cut", why: "gone" });
  });

  test.each(["idle", "complete"] as const)("%s: the client's connection ends too", (how) => {
    expect(run([head(toDocker), dockerEnded(how)]).did).toEqual(["forward", "finish", "leave"]);
  });
});

describe("a client ends", () => {
  test("between requests: the connection ends", () => {
    expect(run([clientEnded()])).toMatchObject({ at: "leaving", did: ["leave"] });
  });

  test("between an answer and the next request: the state keeps it", () => {
    const { state, did } = run([head(denied), clientEnded(), { type: "proceed" }]);
    expect([state, did.at(-1)]).toEqual([{ at: "idle", closing: false, clientEnded: true }, "read-next"]);
  });

  test("before the answer of the admin API: the state keeps it", () => {
    const { state } = run([head(api), clientEnded(), answered()]);
    expect(state).toEqual({ at: "paused", closing: false, clientEnded: true, refused: false });
  });

  test("while dockerd works: dockerd gets the end, unless another request is kept", () => {
    expect(run([head(toDocker), clientEnded()]).did).toEqual(["forward", "end-docker"]);
    expect(run([head(toDocker), clientEnded(true)]).did).toEqual(["forward"]);
  });
});

describe("a client ends while more of its requests are kept", () => {
  const first = [head(toDocker), clientEnded(true), answered(), { type: "proceed" }] as const;

  test("dockerd gets the end with the last", () => {
    expect(run([...first, head(toDocker)]).did.slice(-2)).toEqual(["forward", "end-docker"]);
  });

  test("behind a request that has no end: it has left", () => {
    expect(run([head(toDocker), clientEnded(true, true)]).did).toEqual(["forward", "drop-client"]);
    const endless = head(toDocker, false, false, { keepsMore: true, isEndless: true });
    expect(run([...first, endless]).did.slice(-2)).toEqual(["forward", "drop-client"]);
  });

  test("a body that it has not sent is not waited for", () => {
    expect(run([...first, head(judge, true)]).did.at(-1)).toBe("drop-client");
    expect(run([...first, head(toDocker, true)]).did.slice(-2)).toEqual(["forward", "end-docker"]);
  });
});

describe("the gateway shuts down", () => {
  const running = [head(toDocker)];

  test("a running request completes, and the connection ends after it", () => {
    expect(run([...running, drain(), answered()]).did).toEqual(["forward", "finish", "leave"]);
    expect(run([head(judge, true), drain()]).at).toBe("gathering");
  });

  test("an observer is closed", () => {
    expect(run([...running, drain({ isObserver: true })]).effects[1]).toEqual({
      do: "cut",
      why: "shutdown",
    });
  });

  test("a connection between requests ends, unless it is new or a request is already here", () => {
    for (const events of [[drain()], [head(toDocker), answered(), drain()]])
      expect(run(events)).toMatchObject({ at: "leaving", did: expect.arrayContaining(["leave"]) });
    for (const more of [{ isNew: true }, { keepsMore: true }])
      expect(run([drain(more)]).state).toEqual({ at: "idle", closing: true, clientEnded: false });
  });
});

test("a closing connection never becomes active again", () => {
  const events: Event[] = [
    head(toDocker),
    { type: "body-end" },
    { type: "too-large" },
    judged(toDocker),
    { type: "refused", refusal: TOO_LARGE },
    broken(true),
    answered(),
    { type: "upgraded" },
    dockerEnded("unanswered"),
    dockerEnded("cut"),
    clientEnded(),
    { type: "proceed" },
    drain({ isObserver: true }),
  ];
  for (const event of events)
    expect(run([event], { at: "leaving" })).toMatchObject({ did: [], at: "leaving" });
});

describe("a client that ends while its request is judged", () => {
  const judging = run([head(judge)]).state;

  test("what may change something is forwarded, and dockerd hears of the end", () => {
    const { at, did } = run([clientEnded(), judged(toDocker)], judging);
    expect([at, did]).toEqual(["forwarding", ["forward", "end-docker"]]);
  });

  test("dockerd hears of no end while another request is kept", () => {
    const more = { keepsMore: true, isEndless: false };
    expect(run([clientEnded(true), judged(toDocker, more)], judging).did).toEqual(["forward"]);
  });

  test.each([
    ["only reads", clientEnded(false, false, true)],
    ["goes on until the client leaves", clientEnded(false, true)],
    ["goes on until the client leaves, before another request", clientEnded(true, true)],
  ])("what %s is not forwarded", (_what, ended) => {
    const { at, did } = run([ended, judged(toDocker)], judging);
    expect([at, did]).toEqual(["leaving", ["drop-client"]]);
  });
});

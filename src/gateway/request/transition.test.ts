import { describe, expect, test } from "vitest";
import {
  answered,
  api,
  broken,
  clientEnded,
  denied,
  dockerEnded,
  head,
  idle,
  judge,
  judged,
  open,
  run,
  toDocker,
} from "../../../test/support/gateway/flow-events.ts";
import { PROBLEMS } from "../../http/index.ts";
import type { Event } from "./state.ts";
import { refusalOf, TOO_LARGE } from "./transition.ts";

const ANSWER = ["finish", "ask-to-proceed"];

describe("a request that its head decides", () => {
  test("is forwarded, answered, and followed by the next", () => {
    expect(run([head(toDocker), answered()]).state).toEqual({ at: "paused", ...open, refused: false });
    const { state, did } = run([head(toDocker), answered(), { type: "proceed" }]);
    expect([state, did]).toEqual([idle, ["forward", ...ANSWER, "read-next"]]);
  });

  test("refused: the connection continues, after a check of how often that happens", () => {
    const { state, did } = run([head(denied)]);
    expect(state).toEqual({ at: "paused", ...open, refused: true });
    expect(did).toEqual(["refuse", "ask-to-proceed"]);
  });

  test("refused while its body arrives: the connection ends with the refusal", () => {
    const { at, effects } = run([head(denied, true)]);
    expect(at).toBe("leaving");
    expect(effects).toMatchObject([{ do: "refuse", close: true }]);
  });

  test.each(["the client", "dockerd"])("closes after the answer, as %s asks", (who) => {
    const { at, did } = run([head(toDocker, false, who === "the client"), answered(who === "dockerd")]);
    expect([at, did]).toEqual(["leaving", ["forward", "finish", "leave"]]);
  });
});

describe("a body on its way to dockerd", () => {
  const forwarding = head(toDocker, true);

  test("is complete before the answer", () => {
    const { at, did } = run([forwarding, { type: "body-end" }, answered()]);
    expect([at, did]).toEqual(["paused", ["forward", ...ANSWER]]);
  });

  test("is forwarded to its end after an early answer", () => {
    expect(run([forwarding, answered()]).at).toBe("trailing");
    const { at, did } = run([forwarding, answered(), { type: "body-end" }]);
    expect([at, did]).toEqual(["paused", ["forward", ...ANSWER]]);
  });

  test("is not waited for if the connection closes or the client has ended", () => {
    expect(run([forwarding, answered(true)]).at).toBe("leaving");
    expect(run([forwarding, clientEnded(), answered()]).at).toBe("paused");
    expect(run([forwarding, answered(), clientEnded()]).did).toEqual(["forward", "finish", "leave"]);
  });

  test("broken before the answer: dockerd's connection is dropped, the client gets an error", () => {
    const { at, did, effects } = run([forwarding, broken(false)]);
    expect([at, did]).toEqual(["leaving", ["forward", "drop-docker", "refuse"]]);
    expect(effects[2]).toMatchObject({ close: true });
  });

  test("broken after the start of an answer: both sides are closed", () => {
    expect(run([forwarding, broken(true)]).effects.at(-1)).toEqual({ do: "cut", why: "bad" });
    expect(run([forwarding, answered(), broken(true)]).did).toEqual(["forward", "cut"]);
  });
});

describe("a body that is judged", () => {
  test("is read completely, judged, forwarded and answered", () => {
    const read = run([head(judge, true)]);
    expect([read.at, read.did]).toEqual(["gathering", ["read-body"]]);
    const judging = run([{ type: "body-end" }], read.state);
    expect([judging.at, judging.effects]).toEqual(["judging", [{ do: "judge", outcome: judge }]]);
    const forwarded = run([judged(toDocker)], judging.state);
    expect(forwarded.state).toEqual({ at: "forwarding", ...open, bodyDue: false });
    expect(run([answered()], forwarded.state).did).toEqual(ANSWER);
  });

  test("that came with its head, or is empty, is judged at once", () => {
    expect(run([head(judge)]).at).toBe("judging");
  });

  test("refused: the connection continues, because nothing of the body is left to read", () => {
    const { state } = run([head(judge, true), { type: "body-end" }, judged(denied)]);
    expect(state).toEqual({ at: "paused", ...open, refused: true });
  });

  test("too large: answered 413 at once, and the connection ends", () => {
    const { at, effects } = run([head(judge, true), { type: "too-large" }]);
    expect(at).toBe("leaving");
    expect(effects.at(-1)).toEqual({ do: "refuse", refusal: TOO_LARGE, close: true });
  });

  test("too large: a judge that has a text for it tells the caller what to change", () => {
    const told = { ...judge, judge: { ...judge.judge, tooLarge: "leave files out" } };
    const { effects } = run([head(told, true), { type: "too-large" }]);
    expect(effects.at(-1)).toMatchObject({ refusal: { ...TOO_LARGE, text: "leave files out" } });
  });

  test("broken or late: refused, even when an earlier request has an answer", () => {
    for (const hasAnswered of [false, true])
      expect(run([head(judge, true), broken(hasAnswered)]).did).toEqual([
        "read-body",
        "drop-docker",
        "refuse",
      ]);
  });

  test("is dropped if the client ends before it is complete", () => {
    expect(run([head(judge, true), clientEnded()]).did).toEqual(["read-body", "drop-client"]);
  });

  test("does not use a connection to dockerd that ends in the meantime", () => {
    for (const events of [[head(judge, true)], [head(judge)], [head(api)]]) {
      const { at, state } = run(events);
      expect(run([dockerEnded("idle")], state)).toMatchObject({ at, did: ["renew-docker"] });
    }
  });
});

describe("a call of the admin API", () => {
  test("is read completely and answered", () => {
    const { at, did } = run([head(api, true), { type: "body-end" }, answered()]);
    expect([at, did]).toEqual(["paused", ["read-body", "call-admin-api", ...ANSWER]]);
  });

  test("too large: read to its end, then refused, and the connection continues", () => {
    const large = run([head(api, true), { type: "too-large" }]);
    expect(large.at).toBe("gathering");
    const { at } = run([{ type: "body-end" }, { type: "refused", refusal: TOO_LARGE }], large.state);
    expect(at).toBe("paused");
  });

  test("continues after the client has ended, unless its answer has no end", () => {
    expect(run([head(api), clientEnded()]).did).toEqual(["call-admin-api"]);
    expect(run([head(api), clientEnded(false, true)]).did).toEqual(["call-admin-api", "drop-client"]);
  });
});

test("a refusal has the status, the words and the code of its problem", () => {
  const { status, text, code } = PROBLEMS.host;
  expect(refusalOf(PROBLEMS.host)).toEqual({ status, text, error: code });
  expect(TOO_LARGE).toEqual({ status: 413, text: "the request body is too large", error: "body-size" });
});

test("an event that the state does not expect changes nothing", () => {
  const unexpected: Event[] = [
    answered(),
    { type: "upgraded" },
    judged(toDocker),
    { type: "refused", refusal: TOO_LARGE },
    { type: "too-large" },
    { type: "body-end" },
    { type: "proceed" },
  ];
  expect(run(unexpected)).toMatchObject({ state: idle, did: [] });
});

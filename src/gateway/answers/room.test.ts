import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { findOperation, type OperationCall } from "../../engine/index.ts";
import type { AnswerPlace } from "./answer-place.ts";
import { Answers } from "./answers.ts";

const LIMITS = { listsPerClient: 2, answersPerClient: 2, logsPerClient: 2, unreadPerClient: 2 };
const LOGS = "/containers/x/logs";
const LIST = "/containers/json";
let answers: Answers;
beforeEach(() => {
  vi.useFakeTimers();
  answers = new Answers(LIMITS);
});
afterEach(() => vi.useRealTimers());

const callOf = (target: string) => findOperation("GET", target) as OperationCall;

/** A request of a client. `fate`: what has become of it. */
function asked(owner: string, target: string) {
  const place = answers.placeFor(owner, callOf(target)) as AnswerPlace;
  const one = { place, fate: "waits" };
  const goes = (isIn: boolean) => {
    one.fate = isIn ? "sent" : "refused";
    const cut = () => {
      one.fate = "cut";
      place.over();
    };
    if (isIn) place.sent(cut);
  };
  const mayBegin = place.mayBegin();
  if (mayBegin === true) goes(true);
  else void mayBegin.then(goes);
  return one;
}

const fates = (all: readonly { readonly fate: string }[]) => all.map(({ fate }) => fate);
const pass = (ms: number) => vi.advanceTimersByTimeAsync(ms);

test("requests wait for their turn, clients in turn, and none gets more than its share", async () => {
  const a = ["a", "a", "a", "a", "a"].map((owner) => asked(owner, LIST));
  const b = ["b", "b", "b"].map((owner) => asked(owner, LIST));
  const c = asked("c", LIST);
  expect(fates([...a, ...b, c])).toEqual("sent sent waits waits waits sent sent waits waits".split(" "));
  a[0]?.place.done();
  await pass(0);
  expect(fates([...a, ...b, c])).toEqual("sent sent sent waits waits sent sent waits waits".split(" "));
  for (const at of [1, 2]) a[at]?.place.done();
  await pass(0);
  expect(c.fate).toBe("sent");
  expect(asked("a", "/networks").fate).toBe("sent");
});

test("a list that its client leaves unread gives way after 30 s, and counts until dockerd has prepared it", async () => {
  const [one, two, next] = ["a", "a", "a"].map((owner) => asked(owner, LIST));
  two?.place.stalls();
  await pass(29_900);
  expect(two?.fate).toBe("sent");
  await pass(200);
  expect(fates([one, two, next] as never)).toEqual(["sent", "cut", "waits"]);
  two?.place.done();
  await pass(0);
  expect(next?.fate).toBe("sent");
});

test("a list that its client reads a little at a time gives way after 30 s unread in total", async () => {
  const [one, two, next] = ["a", "a", "a"].map((owner) => asked(owner, LIST));
  for (let at = 0; at < 2; at++) {
    two?.place.stalls();
    await pass(14_000);
    two?.place.flows();
    await pass(5_000);
  }
  expect(two?.fate).toBe("sent");
  two?.place.stalls();
  await pass(2_100);
  expect(fates([one, two, next] as never)).toEqual(["sent", "cut", "waits"]);
});

test("a client that has more gives way to one that has fewer", async () => {
  const all = ["a", "a", "b", "b"].map((owner) => asked(owner, LIST));
  for (const { place } of all) place.stalls();
  const c = asked("c", LIST);
  await pass(30_100);
  expect(fates(all)).toContain("cut");
  all.find(({ fate }) => fate === "cut")?.place.done();
  await pass(0);
  expect(c.fate).toBe("sent");
});

test("if dockerd answers nothing for a minute, a request for a list is refused; logs wait", async () => {
  const lists = ["a", "a", "a"].map((owner) => asked(owner, LIST));
  const logs = ["a", "a", "a"].map((owner) => asked(owner, LOGS));
  for (const { place } of logs.slice(0, 2)) {
    place.stalls();
    place.flows();
    place.stalls();
  }
  await pass(14_000);
  for (const { place } of logs.slice(0, 2)) {
    place.flows();
    place.stalls();
  }
  await pass(14_000);
  expect(fates(logs)).toEqual(["sent", "sent", "waits"]);
  await pass(33_000);
  expect(fates(lists)).toEqual(["sent", "sent", "refused"]);
});

test("a log whose client has caught up makes room; if it falls behind again, the one unread for longest is cut", async () => {
  const [one, two, three] = ["a", "a", "a"].map((owner) => asked(owner, LOGS));
  one?.place.answers();
  two?.place.stalls();
  await pass(500);
  expect(three?.fate).toBe("sent");
  three?.place.stalls();
  one?.place.stalls();
  await pass(900);
  expect(fates([one, two, three] as never)).toEqual(["sent", "sent", "sent"]);
  await pass(200);
  expect(fates([one, two, three] as never)).toEqual(["sent", "cut", "sent"]);
});

test("a burst that is read within a second cuts nothing; one that is read in drops does", async () => {
  const all = ["a", "a"].map((owner) => asked(owner, LOGS));
  for (const { place } of all) place.answers();
  await pass(500);
  const more = ["a", "a"].map((owner) => asked(owner, LOGS));
  for (const { place } of [...all, ...more]) place.stalls();
  await pass(500);
  for (const { place } of [...all, ...more]) place.flows();
  await pass(2_000);
  expect(fates([...all, ...more])).toEqual(["sent", "sent", "sent", "sent"]);
  for (let drop = 0; drop < 20; drop++) {
    for (const { place } of [...all, ...more]) {
      place.flows();
      place.stalls();
    }
    await pass(100);
  }
  expect(fates([...all, ...more]).filter((fate) => fate === "cut")).toHaveLength(2);
});

test("a stream is sent at once, and counts while its client is behind", async () => {
  const all = ["a", "a", "a"].map((owner) => asked(owner, "/images/x/get"));
  expect(fates(all)).toEqual(["sent", "sent", "sent"]);
  for (const { place } of all) {
    place.stalls();
    await pass(10);
  }
  await pass(1_100);
  expect(fates(all)).toEqual(["cut", "sent", "sent"]);
});

test("who attaches with the log reads a log", () => {
  const kindOf = (query: string) => {
    const call = findOperation("POST", `/containers/x/attach${query}`);
    return answers.placeFor("a", call)?.kind.name;
  };
  for (const query of ["?logs=1", "?stream=1&logs=true", "?logs=x", "?logs=0&logs=1", "?%6cogs=1"])
    expect(kindOf(query), query).toBe("logs");
  for (const query of ["", "?stream=1&stdout=1", "?logs=0&stream=1", "?logs=", "?Logs=1"])
    expect(kindOf(query), query).toBe("streams");
});

test("events, stats and small answers are not counted", () => {
  for (const target of ["/events", "/containers/x/stats", "/_ping", "/info"])
    expect(answers.placeFor("a", callOf(target))).toBeNull();
  expect(answers.placeFor("a", null)).toBeNull();
});

test("who leaves while waiting has no turn", async () => {
  const all = ["a", "a", "a", "a"].map((owner) => asked(owner, LIST));
  all[2]?.place.over();
  all[0]?.place.done();
  await pass(0);
  expect(fates(all)).toEqual(["sent", "sent", "waits", "sent"]);
});

test("a clock that is set back changes nothing for those who wait", async () => {
  const logs = ["a", "a", "a"].map((owner) => asked(owner, LOGS));
  for (const { place } of logs.slice(0, 2)) place.answers();
  vi.setSystemTime(Date.now() - 3_600_000);
  await pass(500);
  expect(fates(logs)).toEqual(["sent", "sent", "sent"]);
});

const logsOf = (...owners: readonly string[]) => owners.map((owner) => asked(owner, LOGS));

/** All of them are read once in so many milliseconds. */
async function readEvery(ms: number, all: readonly { readonly place: AnswerPlace }[], lastsMs: number) {
  for (let passed = 0; passed < lastsMs; passed += ms) {
    for (const { place } of all) place.stalls();
    await pass(ms);
    for (const { place } of all) place.flows();
  }
}

test("logs that are read once in 50 s keep no other client waiting for more than a minute", async () => {
  const all = logsOf("a", "a", "b", "b", "c", "c", "d", "d");
  const [e] = logsOf("e");
  await readEvery(50_000, all, 50_000);
  expect(e?.fate).toBe("waits");
  await readEvery(50_000, all, 3_600_000);
  expect(e?.fate).toBe("sent");
  expect(fates(all).filter((fate) => fate === "cut")).toHaveLength(1);
});

test("logs that are read within a second are not cut: who has none is told after a minute, who has one waits", async () => {
  const all = logsOf("a", "a", "b", "b", "c", "c", "d", "e");
  const more = logsOf("d", "f");
  await readEvery(900, all, 58_000);
  expect(fates(more)).toEqual(["waits", "waits"]);
  await readEvery(900, all, 600_000);
  expect(fates(more)).toEqual(["waits", "refused"]);
  expect([...new Set(fates(all))]).toEqual(["sent"]);
});

test("a client whose own logs are behind waits for them, and loses none", async () => {
  const own = logsOf("a", "a", "a");
  await readEvery(50_000, own.slice(0, 2), 3_600_000);
  expect(fates(own)).toEqual(["sent", "sent", "waits"]);
});

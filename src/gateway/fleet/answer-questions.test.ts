/** What a gateway answers to questions that come through a store, and to whom. */
import { generateKeyPairSync } from "node:crypto";
import { expect, test } from "vitest";
import { fleetList, makeOperator, signNext } from "../../../test/support/fleet/sample-fleet.ts";
import { makeQuestion, openAnswer, QUESTION_MS, receiptKeyOf } from "../../fleet/index.ts";
import { type AnswerParts, AnswerQuestions } from "./answer-questions.ts";

const operator = makeOperator();
const documents = signNext(null, operator, fleetList());
const receiptKey = generateKeyPairSync("ed25519").privateKey;
const NAME = "audit-00000001.jsonl";
const LOG = Buffer.from("x".repeat(600 * 1024));

function stage({ isMember = true, isFull = false } = {}) {
  const state = {
    ...{ now: 1_000_000, notes: [] as string[], most: 0 },
    verifying: Promise.resolve(),
  };
  let running = 0;
  const audit = {
    files: async () => {
      state.most = Math.max(state.most, ++running);
      await new Promise(setImmediate);
      running -= 1;
      return [{ name: NAME, bytes: LOG.length }];
    },
    bytes: async (name: string, from: number) =>
      name === NAME ? { size: LOG.length, bytes: LOG.subarray(from) } : null,
    verify: async (seal: string | null) => {
      await state.verifying;
      if (isFull) throw new Error("EIO");
      return { ok: true, seal };
    },
  };
  const gateway = {
    clock: () => state.now,
    note: (...words: unknown[]) => void state.notes.push(words.join(" ")),
  };
  const fleet = { kept: isMember ? { documents, view: { until: 4e12 } } : null };
  const follow = (list: typeof documents | null, until = 4e12) => {
    fleet.kept = list && { documents: list, view: { until } };
  };
  const aboutHost = async () => ({ version: "1.2.3", engine: "28.5.1", certificate: null });
  const parts = { gateway, fleet, audit, aboutHost } as unknown as AnswerParts;
  const questions = new AnswerQuestions(() => parts, { receiptKey: async () => receiptKey });
  const make = (call: string) => makeQuestion(documents, { host: "web", call, at: state.now }, operator);
  const ask = async (call: string, asked = make(call)) =>
    openAnswer(await questions.answer(asked.text, "web"), asked, receiptKeyOf(receiptKey));
  return { state, ask, make, follow };
}

test("an operator gets the files of the log, pieces of them, and its verification", async () => {
  const { ask } = stage();
  expect(await ask("audit/files")).toEqual({
    said: { status: 200, value: { files: [{ name: NAME, bytes: LOG.length }] } },
  });
  const first = await ask(`audit/files/${NAME}?from=0`);
  const text = LOG.subarray(0, 512 * 1024).toString("base64");
  expect(first).toEqual({ said: { status: 200, value: { size: LOG.length, bytes: text } } });
  const rest = await ask(`audit/files/${NAME}?from=${512 * 1024}`);
  expect(rest).toMatchObject({
    said: { value: { bytes: LOG.subarray(512 * 1024).toString("base64") } },
  });
  expect(await ask("audit/files/audit-00000009.jsonl?from=0")).toMatchObject({ said: { status: 404 } });
  expect(await ask("audit/verify?seal=ab")).toEqual({
    said: { status: 200, value: { ok: true, seal: "ab" } },
  });
});

test("what a host says of itself, and which files there are, leaves no record", async () => {
  const { ask, state } = stage();
  expect(await ask("status")).toEqual({
    said: { status: 200, value: { version: "1.2.3", engine: "28.5.1", certificate: null } },
  });
  await ask("audit/files");
  expect(state.notes).toEqual([]);
});

test.each([
  "clients",
  "audit",
  "audit/",
  "audit?follow=1",
  "fleet",
  "audit/files/../../etc/shadow",
  "reload",
  "",
  "audit/nothing",
  "audit/files/audit-00000009.jsonl?from=0",
])("the call %j is not answered through a store, and leaves no record", async (call) => {
  const { ask, state } = stage();
  expect(await ask(call)).toMatchObject({ said: { status: 404 } });
  expect(state.notes).toEqual([]);
});

test.each([
  ["the host has left its fleet", null, undefined, "this host is in no fleet"],
  ["the list has ended", documents, 1, expect.stringContaining("the list of this host has ended")],
  [
    "the operator is on no list any more",
    signNext(null, makeOperator(), fleetList()),
    undefined,
    expect.stringMatching(/another fleet|no operator/),
  ],
] as const)("a question that waits is not answered once %s", async (_what, list, until, refused) => {
  const { ask, state, follow } = stage();
  const slow = Promise.withResolvers<void>();
  state.verifying = slow.promise;
  const [first, second] = [ask("audit/verify"), ask("audit/verify")];
  await new Promise(setImmediate);
  follow(list, until);
  slow.resolve();
  expect(await first).toHaveProperty("said");
  expect(await second).toEqual({ refused });
});

test("a question is answered once, as long as it would be answered at all", async () => {
  const { ask, make, state } = stage();
  const asked = make("audit/files");
  expect(await ask("", asked)).toHaveProperty("said");
  for (const passed of [0, QUESTION_MS - 1, 1, 1]) {
    state.now += passed;
    expect(await ask("", asked)).toEqual({
      refused: expect.stringMatching(/answered before|this host's clock says/),
    });
  }
});

test("there is one record in ten minutes for an operator who reads all the time", async () => {
  const { ask, state } = stage();
  // a clock that is set back hides nothing
  state.now += 10 * QUESTION_MS;
  expect(await ask("audit/verify")).toHaveProperty("said");
  state.notes.pop();
  state.now -= 10 * QUESTION_MS;
  for (let minute = 0; minute < 30; minute += 1) {
    for (let time = 0; time < 10; time += 1) expect(await ask("audit/verify")).toHaveProperty("said");
    state.now += 60_000;
  }
  expect(state.notes).toEqual(
    Array(3).fill(expect.stringMatching(/^gateway {2}fleet-audit .* reads the audit log$/)),
  );
});

test("a verification, which takes minutes, does not hold up who copies", async () => {
  const { ask, state } = stage();
  const slow = Promise.withResolvers<void>();
  state.verifying = slow.promise;
  const verified = ask("audit/verify");
  expect(await ask("audit/files")).toHaveProperty("said");
  slow.resolve();
  expect(await verified).toHaveProperty("said");
});

test("questions are answered one at a time", async () => {
  const { ask, state } = stage();
  await Promise.all(Array.from({ length: 20 }, () => ask("audit/files")));
  expect(state.most).toBe(1);
});

test("a host in no fleet answers nothing, and a log that cannot be read is a refusal", async () => {
  expect(await stage({ isMember: false }).ask("audit/files")).toEqual({
    refused: "this host is in no fleet",
  });
  expect(await stage({ isFull: true }).ask("audit/verify")).toEqual({ refused: "EIO" });
});

test("what nobody has signed costs no place, and leaves no record", async () => {
  const { ask, state } = stage();
  const stranger = makeQuestion(
    documents,
    { host: "web", call: "audit/files", at: state.now },
    makeOperator(),
  );
  expect(await ask("", stranger)).toEqual({
    refused: "no operator of this host's fleet has signed the question",
  });
  expect(state.notes).toEqual([]);
});

/** Questions and answers, as everybody between the operator and the host may change, keep or replay them. */
import { generateKeyPairSync } from "node:crypto";
import { expect, test } from "vitest";
import { fleetList, makeOperator, signNext } from "../../../test/support/fleet/sample-fleet.ts";
import type { KeptFleet } from "../kept-fleet.ts";
import { receiptKeyOf } from "../store/index.ts";
import { answers, MOST_ANSWER, openAnswer, refuseAnswer, type Said, sealAnswer } from "./answer.ts";
import { judgeQuestion, makeQuestion, QUESTION_MS } from "./question.ts";

const NOW = Date.parse("2026-11-28T12:00:00Z");
const [operator, stranger] = [makeOperator(), makeOperator()];
const documents = signNext(null, operator, fleetList());
const foreign = signNext(null, stranger, fleetList());
const [host, other] = [generateKeyPairSync("ed25519").privateKey, generateKeyPairSync("ed25519").privateKey];
const ask = (call = "audit/files", key = operator) =>
  makeQuestion(documents, { host: "web", call, at: NOW }, key);
const UNTIL = NOW + 90 * 86_400_000;
const kept = { documents, view: { until: UNTIL } } as KeptFleet;
const judge = (text: string, now = NOW) => judgeQuestion(text, kept, "web", now);
const SAID: Said = { status: 200, value: { files: [{ name: "audit-00000001.jsonl", bytes: 5 }] } };

async function answered(said = SAID, asked = ask()) {
  const judged = judge(asked.text);
  if ("refused" in judged) return expect.fail(judged.refused);
  return { asked, text: await sealAnswer(asked.text, judged.question, said, host) };
}

test("an operator's question is answered, and only who asked can read the answer", async () => {
  const { asked, text } = await answered();
  expect(await openAnswer(text, asked, receiptKeyOf(host))).toEqual({ said: SAID });
  expect(text).not.toContain("audit");
  expect(Buffer.from(JSON.parse(text).sealed, "base64").toString("latin1")).not.toContain("audit");
  const thief = { ...asked, answerKey: ask().answerKey };
  expect(await openAnswer(text, thief, receiptKeyOf(host))).toMatchObject({
    refused: expect.stringContaining("cannot be decrypted"),
  });
});

test.each([
  ["no JSON", "x", "cannot be read"],
  ["a stranger's signature", ask("audit/files", stranger).text, "no operator"],
  ["another call under the signature", ask().text.replace('"audit/files"', '"audit/verify"'), "no operator"],
  ["another key for the answer", ask().text.replace(/"key":"..../, '"key":"AAAA'), "no operator"],
  [
    "another host's",
    makeQuestion(documents, { host: "db", call: "audit/files", at: NOW }, operator).text,
    "this host is web",
  ],
  [
    "another fleet's documents, and our operator's signature",
    makeQuestion(foreign, { host: "web", call: "audit/files", at: NOW }, operator).text,
    "another fleet",
  ],
])("a question with %s is refused", (_what, text, why) => {
  expect(judge(text)).toEqual({ refused: expect.stringContaining(why) });
});

test("a question that was kept back, or is from a clock ahead, is refused with both times", () => {
  const { text } = ask();
  for (const [off, isAnswered] of [
    [QUESTION_MS, true],
    [-QUESTION_MS, true],
    [QUESTION_MS + 1, false],
    [-QUESTION_MS - 1, false],
  ] as const)
    expect("question" in judge(text, NOW + off)).toBe(isAnswered);
  expect(judge(text, NOW + 3_600_000)).toEqual({
    refused:
      "the question is of 2026-11-28T12:00:00.000Z, and this host's clock says 2026-11-28T13:00:00.000Z",
  });
});

test("once the list has ended, no operator of it is answered any more", () => {
  const at = UNTIL + 1;
  const { text } = makeQuestion(documents, { host: "web", call: "audit/files", at }, operator);
  expect(judge(text, UNTIL)).toHaveProperty("question");
  expect(judge(text, at)).toEqual({ refused: expect.stringContaining("the list of this host has ended") });
});

test("an answer of another host, to another question, or changed on the way is not believed", async () => {
  const { asked, text } = await answered();
  const open = (changed: string, key = host) => openAnswer(changed, asked, receiptKeyOf(key));
  expect(await open(text, other)).toEqual({ refused: "the host's gateway has not signed the answer" });
  expect(await open((await answered()).text)).toEqual({ refused: "the answer is to another question" });
  const form = JSON.parse(text);
  for (const change of [{ sealed: `AAAA${form.sealed.slice(4)}` }, { kem: `AAAA${form.kem.slice(4)}` }])
    expect(await open(JSON.stringify({ ...form, ...change }))).toEqual({
      refused: "the host's gateway has not signed the answer",
    });
  for (const broken of ["", "{}", JSON.stringify({ ...form, more: 1 }), " ".repeat(MOST_ANSWER + 1)])
    expect(await open(broken)).toEqual({ refused: expect.stringContaining("cannot be read") });
});

test("a refusal says why, and is short", async () => {
  const asked = ask();
  const text = refuseAnswer(asked.text, "x".repeat(10_000));
  expect(await openAnswer(text, asked, receiptKeyOf(host))).toEqual({ refused: "x".repeat(500) });
  expect([answers(text, asked.text), answers(text, ask().text)]).toEqual([true, false]);
});

test("an answer of 512 KiB of random bytes is passed on; one that the store would refuse is not", async () => {
  const random = (bytes: number) => ({
    status: 200,
    value: {
      bytes: Buffer.from(Array.from({ length: bytes }, () => Math.random() * 256)).toString("base64"),
    },
  });
  const whole = await answered(random(512 * 1024));
  expect(await openAnswer(whole.text, whole.asked, receiptKeyOf(host))).toHaveProperty("said");
  const long = await answered(random(1024 * 1024));
  expect(await openAnswer(long.text, long.asked, receiptKeyOf(host))).toEqual({
    refused: "the answer is too long for the store",
  });
});

test("an answer that unpacks to a gigabyte is not read", async () => {
  const { asked, text } = await answered({ status: 200, value: "x".repeat(64 * 1024 * 1024) });
  expect(text.length).toBeLessThan(MOST_ANSWER);
  expect(await openAnswer(text, asked, receiptKeyOf(host))).toMatchObject({
    refused: expect.stringContaining("cannot be decrypted"),
  });
});

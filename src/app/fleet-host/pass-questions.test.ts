/** Questions from a store on their way to the gateway. */
import { expect, test } from "vitest";
import { MOST_QUESTION } from "../../fleet/index.ts";
import { PassQuestions } from "./pass-questions.ts";

const refusal = (text: string) => (JSON.parse(text) as { refused: string }).refused;

test("two questions are passed on at a time; of a hundred at once, eight more wait and the rest are refused", async () => {
  const passed: string[] = [];
  const go = Promise.withResolvers<void>();
  let [running, most] = [0, 0];
  const questions = new PassQuestions(async (question) => {
    passed.push(question);
    most = Math.max(most, ++running);
    await go.promise;
    running -= 1;
    return `answer to ${question}`;
  });
  const all = Array.from({ length: 100 }, (_, at) => questions.answer(`q${at}`));
  go.resolve();
  const answers = await Promise.all(all);
  expect(answers.slice(0, 10)).toEqual(Array.from({ length: 10 }, (_, at) => `answer to q${at}`));
  expect(answers.slice(10).map(refusal)).toEqual(Array(90).fill("too many questions wait for this host"));
  expect(most).toBe(2);
  expect(await questions.answer("later")).toBe("answer to later");
});

test("a gateway that does not answer is a refusal, and the next question is passed on", async () => {
  let fails = true;
  const questions = new PassQuestions(async () =>
    fails ? Promise.reject(new Error("it is gone")) : "answer",
  );
  expect(refusal(await questions.answer("one"))).toBe("it is gone");
  fails = false;
  expect(await questions.answer("two")).toBe("answer");
  expect(refusal(await questions.answer("x".repeat(MOST_QUESTION + 1)))).toBe("the question is too long");
});

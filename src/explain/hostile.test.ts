/** The time may depend only on the length of the text, whatever it contains. */
import { expect, test } from "vitest";
import { cpuMs } from "../../test/support/cpu-ms.ts";
import { explain } from "./explain.ts";
import { messages } from "./messages.ts";
import { Excerpt } from "./text/excerpt.ts";

const LENGTH = 32 * 1024;
/** How much slower than an ordinary log of the same length any other text may be. Measured: 4 at worst. */
const FACTOR = 25;
const repeat = (unit: string, length: number): string =>
  unit.repeat(Math.ceil(length / unit.length)).slice(0, length);

/** The best of three, so that a busy machine is not taken for a slow pattern. */
function timeOf(text: string): number {
  const times = [0, 1, 2].map(() => {
    const began = cpuMs();
    explain(text);
    return cpuMs() - began;
  });
  return Math.min(...times);
}

const LOG = "Nov 24 03:46:56 vps kernel: nothing to see here, and nothing to see there\n";
const ordinary = (): number => Math.max(timeOf(repeat(LOG, LENGTH)), 2);

/** Beginnings without their ends: they make a careless pattern backtrack. */
const TEASERS = ["a", " ", "\n", '"', "\\", "\u001b[", "\u001b]0;", "> > | ", "docker", "docker.", "a.b@c:"];

test.each(TEASERS)("only %j, repeated", (unit) => {
  expect(timeOf(repeat(unit, LENGTH))).toBeLessThan(ordinary() * FACTOR);
});

test.each(messages.map(({ id, example }) => [id, example] as const))(
  "the beginning of %s, repeated",
  (_, example) => {
    const begun = example.slice(0, Math.ceil(example.length * 0.7));
    expect(timeOf(repeat(begun, LENGTH))).toBeLessThan(ordinary() * FACTOR);
  },
);

test("a text of eight times the length takes about eight times as long", () => {
  const long = timeOf(repeat("dial tcp 1.2.3.4: x509: certificate is valid for a, ", LENGTH * 8));
  const short = Math.max(timeOf(repeat("dial tcp 1.2.3.4: x509: certificate is valid for a, ", LENGTH)), 2);
  // What is quadratic would take sixty-four times as long.
  expect(long).toBeLessThan(short * 8 * 4);
});

test.each(
  messages.flatMap(({ id, patterns }) => patterns.map((pattern, at) => [`${id} ${at}`, pattern] as const)),
)("%s has no unbounded repetition", (_, { source }) => {
  // Outside of character classes, escapes apart: no * and no +, and {n,} neither.
  const bare = source.replace(/\\./g, "_").replace(/\[[^\]]*\]/g, "_");
  expect(bare).not.toMatch(/[*+]|\{\d+,\}/);
});

test("100 MB of binary noise are read with limited memory and time", () => {
  const chunk = new Uint8Array(1024 * 1024);
  let state = 1;
  for (let at = 0; at < chunk.length; at++) {
    state = (state * 1_103_515_245 + 12_345) % 0x7fffffff;
    chunk[at] = state >> 16;
  }
  const excerpt = new Excerpt();
  for (let at = 0; at < 100; at++) excerpt.add(chunk);
  const { text, skipped } = excerpt.read();
  expect(skipped).toBeGreaterThan(99 * 1024 * 1024);
  expect(explain(text)).toEqual({ explanations: [], endpoint: undefined, isNamed: false });
});

test("a message at the end of a long log is found", () => {
  const excerpt = new Excerpt();
  const lines = new TextEncoder().encode(repeat(LOG, 1024 * 1024));
  for (let at = 0; at < 20; at++) excerpt.add(lines);
  excerpt.add(new TextEncoder().encode("\nremote error: tls: certificate required\n"));
  expect(explain(excerpt.read().text).explanations.map(({ id }) => id)).toEqual(["go-certificate-required"]);
});

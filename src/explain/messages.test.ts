import { describe, expect, test } from "vitest";
import { explain } from "./explain.ts";
import { messages } from "./messages.ts";

const ids = (text: string): string[] => explain(text).explanations.map(({ id }) => id);
/** Rows for test.each. */
const table = messages.map((message) => [message.id, message.example] as const);

/** What surrounds a message that people paste. */
const NOISE: readonly (readonly [string, (text: string) => string])[] = [
  [
    "in a log",
    (text) => `Nov 24 03:46:56 vps systemd[1]: Started something.\n2026-11-24T03:46:56Z ${text}\nbye`,
  ],
  ["in colours", (text) => text.replace(/^/gm, "\u001b[31m").replace(/$/gm, "\u001b[0m")],
  ["with CRLF", (text) => `PS C:\\> docker ps\r\n${text.replaceAll("\n", "\r\n")}\r\n`],
  ["quoted in a mail", (text) => text.replace(/^/gm, "> ")],
  ["indented in a box", (text) => text.replace(/^/gm, "  │ ")],
  ["after a terminal's title sequence", (text) => `\u001b]0;me@laptop\u0007$ docker ps\n${text}`],
];

test("ids are unique, and there are at least 60 messages", () => {
  expect(new Set(messages.map(({ id }) => id)).size).toBe(messages.length);
  expect(messages.length).toBeGreaterThanOrEqual(60);
});

test.each(table)("the example of %s is recognised as this message only", (id, example) => {
  expect(ids(example)).toEqual([id]);
});

describe.each(NOISE)("%s", (_, dress) => {
  test.each(table)("%s", (id, example) => {
    expect(ids(dress(example))).toEqual([id]);
  });
});

test.each(table)("%s, quoted by dockerd's logger", (id, example) => {
  const quoted = example.split("\n")[0]?.replaceAll("\\", "\\\\").replaceAll('"', '\\"') ?? "";
  expect(ids(`time="2026-11-24T03:46:56Z" level=error msg="${quoted}"`)).toEqual([id]);
});

test.each(table)("%s, wrapped by mail or by a terminal", (id, example) => {
  // Only what has one line: a message of several lines is wrapped already.
  const line = example.includes("\n") ? "" : example;
  const words = line.replace(/(.{20,40}?) /g, "$1\n  ");
  const columns = line.replace(/(.{37})/g, "$1\n");
  for (const wrapped of line === "" ? [] : [words, columns]) expect(ids(wrapped)).toEqual([id]);
});

test.each(messages.map((message) => [message.id, message] as const))("%s is complete", (_, message) => {
  const { topic } = message;
  expect(message.source).toMatch(/^(?:https:\/\/github\.com\/\S+|[\w.-]+\/[\w.-]+ \S+)/);
  expect(topic.reference).not.toBe("");
  expect(topic.fix.length).toBeGreaterThan(0);
  for (const text of [message.meaning, topic.cause, topic.consequence])
    expect(text).toMatch(/^\S[^\n]*[.)]$/);
  expect(topic.id).toMatch(/^[a-z0-9-]+$/);
  // A pattern with a flag g would remember where it was.
  for (const pattern of message.patterns) expect(pattern.flags).not.toMatch(/[gy]/);
});

/** A log that is followed over several answers of its host. */
import { expect, test } from "vitest";
import { TetherdockError } from "../../base/index.ts";
import type { AskLog } from "./ask-log.ts";
import { followAgain } from "./follow-again.ts";

const record = (time: number, name: string) => `{"time":${time},"event":"${name}"}`;
const lost = () => new TetherdockError("GATEWAY_UNREACHABLE", "it breaks off");

/** A log that is read in answers of so many records each, and asked for its newest one. */
function stage(log: string[], answers: readonly { most: number; isBroken?: boolean }[]) {
  const [waits, told, since, read] = [[] as number[], [] as string[], [] as unknown[], [] as string[]];
  const over = new AbortController();
  let at = 0;
  const sealed = () => Buffer.from(log.map((line) => `${line}\n`).join(""));
  const ask = (async (path: string) => {
    if (path === "status") return {};
    if (path === "audit/files") return { files: [{ name: "reads-00000002.jsonl", bytes: sealed().length }] };
    return { size: 0, bytes: sealed().toString("base64") };
  }) as unknown as AskLog;
  const followed = followAgain(
    { clock: () => 0, pause: async (ms) => void waits.push(ms) },
    {
      open: async function* (reach) {
        const { sinceMs = 0 } = await reach(ask);
        since.push(sinceMs);
        const { most = 0, isBroken = false } = answers[at++] ?? {};
        const wanted = log.filter((line) => Number(/\d+/.exec(line)?.[0]) >= sinceMs);
        yield* wanted.slice(0, most);
        if (at === answers.length) over.abort();
        if (isBroken) throw lost();
      },
      isPassing: ({ code }) => code === "GATEWAY_UNREACHABLE",
      onStop: ({ message }) => void told.push(message),
      onAgain: () => void told.push("again"),
    },
    { signal: over.signal, sinceMs: 5 },
  );
  const all = (async () => {
    for await (const one of followed) read.push(one);
  })();
  return { all, waits, told, since, read };
}

test("after each end and failure it goes on where it was: no record twice, none lost, also of the same time", async () => {
  const log = [4, 5, 70_000, 70_000, 70_000, 70_000, 140_000].map((time, at) => record(time, `r${at}`));
  // Two that are the same are two.
  log.splice(3, 0, log[2] as string);
  const { all, waits, told, since, read } = stage(log, [
    { most: 3 },
    { most: 5, isBroken: true },
    { most: 9 },
  ]);
  await all;
  expect(read).toEqual(log.slice(1));
  expect(since).toEqual([5, 10_000, 10_000]);
  expect(told).toEqual(["its gateway has ended", "again", "it breaks off", "again"]);
  expect(waits).toEqual([1_000, 2_000]);
});

test("a record that was written later than others of its time is not lost", async () => {
  const log = [record(100_000, "a"), record(100_009, "b")];
  const { all, read } = stage(log, [{ most: 2 }, { most: 9 }]);
  log.splice(1, 0, record(100_004, "late"));
  await all;
  expect(read.toSorted()).toEqual(log.toSorted());
});

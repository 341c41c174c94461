/** Questions in a folder that a web server serves: commands at once, and what a killed one has left. */
import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync, statSync, utimesSync, writeFileSync } from "node:fs";
import { mkdir, mkdtemp, rm, symlink } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { MOST_ANSWER } from "../../src/fleet/index.ts";
import { formatFolderSettings } from "../../src/system/fleet-store/https/folder-settings.ts";
import { openFolderStore } from "../../src/system/fleet-store/https/operator-store.ts";
import { answerName, questionName } from "../../src/system/fleet-store/https/question-files.ts";

let work: string;
let question: string;
let answer: string;
const folder = () => join(work, "www");
const open = () =>
  openFolderStore({
    address: { urls: ["https://web.example/acme"], ca: null },
    settings: formatFolderSettings({
      folder: folder(),
      receipts: { url: "https://web.example/r", folder: join(work, "receipts"), secret: "a".repeat(64) },
    }),
  });

beforeEach(async () => {
  work = await mkdtemp(join(tmpdir(), "tetherdock-ask-"));
  await mkdir(folder());
  await mkdir(join(work, "receipts"));
  const url = (await open().admit("web")) ?? expect.fail();
  question = join(folder(), questionName(url));
  answer = join(work, "receipts", answerName(url.split("/").at(-1) ?? ""));
});
afterEach(() => rm(work, { recursive: true }));

const answerTo = (text: string) =>
  JSON.stringify({ question: createHash("sha256").update(text).digest("hex"), to: text });

/** The host, which looks often, and the web server. @returns stops it */
function host(reply: (text: string) => string = answerTo): () => string[] {
  const heard: string[] = [];
  const looking = setInterval(() => {
    if (!existsSync(question)) return;
    const text = readFileSync(question, "utf8");
    if (heard.at(-1) === text) return;
    heard.push(text);
    writeFileSync(answer, reply(text));
  }, 20);
  return () => {
    clearInterval(looking);
    return heard;
  };
}

test("commands that ask one host at once take turns, and each gets its answer; no file stays", async () => {
  const stop = host();
  const texts = ["q1", "q2", "q3", "q4"];
  const all = await Promise.all(texts.map((text) => open().ask?.("web", text, 20_000)));
  expect(all).toEqual(texts.map(answerTo));
  expect(stop().toSorted()).toEqual(texts);
  expect(readdirSync(folder())).toEqual([]);
  expect(readdirSync(join(work, "receipts")).filter((name) => name.endsWith(".answer"))).toEqual([]);
});

test("a question that a killed command has left is replaced once nobody can wait for it any more", async () => {
  writeFileSync(question, "left");
  await expect(open().ask?.("web", "q", 300)).rejects.toMatchObject({
    why: [expect.stringContaining("another command asks it already")],
  });
  expect(readFileSync(question, "utf8")).toBe("left");
  const before = Date.now() / 1_000 - 20;
  utimesSync(question, before, before);
  const stop = host();
  expect(await open().ask?.("web", "q", 20_000)).toBe(answerTo("q"));
  stop();
});

test("who waits long for an answer keeps its question", async () => {
  const stop = host(() => "not yet");
  const asked = open().ask?.("web", "q", 5_000);
  await expect.poll(() => existsSync(question)).toBe(true);
  const before = statSync(question).mtimeMs;
  await expect.poll(() => statSync(question).mtimeMs - before, { timeout: 4_000 }).toBeGreaterThan(1_500);
  writeFileSync(answer, answerTo("q"));
  expect(await asked).toBe(answerTo("q"));
  stop();
});

test("a host that has left leaves no file, and one that joins finds its receipt's, which the web server needs", async () => {
  const [receipt = "", ...others] = readdirSync(join(work, "receipts"));
  expect([receipt, others]).toEqual([expect.stringMatching(/^web[.][0-9a-f]{32}[.]json$/), []]);
  for (const path of [question, answer]) writeFileSync(path, "{}");
  await open().expel("web");
  expect([...readdirSync(folder()), ...readdirSync(join(work, "receipts"))]).toEqual([]);
});

test("an answer to another question, a part of one, one that is too long, or a link is no answer", async () => {
  const secret = join(work, "secret");
  for (const reply of [
    () => answerTo("other"),
    (text: string) => answerTo(text).slice(0, -1),
    (text: string) => `${answerTo(text).slice(0, -1)},"x":"${"x".repeat(MOST_ANSWER)}"}`,
  ]) {
    const stop = host(reply);
    await expect(open().ask?.("web", "q", 300)).rejects.toMatchObject({
      code: "GATEWAY_UNREACHABLE",
      message: "web does not answer through the store within 0.3 s",
      hints: expect.arrayContaining([expect.stringMatching("tetherdock doctor web")]),
    });
    stop();
  }
  writeFileSync(secret, answerTo("q"));
  await symlink(secret, answer);
  await expect(open().ask?.("web", "q", 300)).rejects.toMatchObject({ code: "GATEWAY_UNREACHABLE" });
  expect(readFileSync(secret, "utf8")).toBe(answerTo("q"));
});

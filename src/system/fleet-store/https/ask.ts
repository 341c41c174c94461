/** Asks a host through folders of a web server: the question lies in one until the answer is in the other. */
import { rm, stat, utimes, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { SECOND_MS } from "../../../base/index.ts";
import { answers, MOST_ANSWER, type StoreAddress, storeFailure, unanswered } from "../../../fleet/index.ts";
import { pause } from "../../fleet-process/pause.ts";
import { type FolderSettings, receiptName } from "./folder-settings.ts";
import { answerName, questionName } from "./question-files.ts";
import { readUpTo } from "./read-up-to.ts";

/** Looking into a folder costs little. */
const LOOK_MS = SECOND_MS / 10;

export type Receipts = NonNullable<FolderSettings["receipts"]>;

/** Where the host puts its receipt. */
export function receiptUrl({ url, secret }: Receipts, host: string): string {
  return new URL(receiptName(secret, host), url.endsWith("/") ? url : `${url}/`).href;
}

/** Whoever waits for an answer touches the question so often. */
const TOUCH_MS = SECOND_MS;
/** A question that was not touched so long is what a command has left that was killed. */
const LEFT_MS = 15 * SECOND_MS;

/** Two commands that ask one host at once take turns. @returns false: the other one took too long */
async function untilPut(path: string, put: () => Promise<boolean>, ms: number): Promise<boolean> {
  const late = AbortSignal.timeout(ms);
  while (!(await put())) {
    const there = await stat(path).catch(() => null);
    if (there !== null && Date.now() - there.mtimeMs > LEFT_MS) await rm(path, { force: true });
    else if (late.aborted) return false;
    else await pause(LOOK_MS, late);
  }
  return true;
}

/** Files are written whole by nginx; another server may write a piece at a time. */
const isWhole = (text: string): boolean => text.trimEnd().endsWith("}");

/** @param asked the question's file @param path of the answer */
async function untilAnswered(
  asked: string,
  path: string,
  question: string,
  ms: number,
): Promise<string | null> {
  const late = AbortSignal.timeout(ms);
  for (let touched = Date.now(); !late.aborted; ) {
    if (Date.now() - touched > TOUCH_MS) {
      touched = Date.now();
      await utimes(asked, new Date(touched), new Date(touched)).catch(() => {});
    }
    const text = await readUpTo(path, MOST_ANSWER);
    if (text !== null && answers(text, question) && isWhole(text)) return text;
    await pause(LOOK_MS, late);
  }
  return null;
}

/**
 * @param create writes a file for the web server; false: there is one
 * @param folder that it serves
 * @throws GATEWAY_UNREACHABLE: there is no answer in time; FLEET_STORE_FAILED
 */
export async function askInFolder(
  { address, folder, receipts }: { address: StoreAddress; folder: string; receipts: Receipts },
  create: (name: string, text: string) => Promise<boolean>,
  { host, question, ms }: { host: string; question: string; ms: number },
): Promise<string> {
  const name = questionName(receiptUrl(receipts, host));
  const [asked, path] = [
    join(folder, name),
    join(receipts.folder, answerName(receiptName(receipts.secret, host))),
  ];
  const failed = (why: string) => storeFailure(`cannot ask ${host}`, address, why);
  if (!(await untilPut(asked, () => create(name, question), ms)))
    throw failed(`another command asks it already: ${asked} is there`);
  try {
    // The web server writes over files that are there, and makes none: strangers could fill its disk.
    await writeFile(path, "", { flag: "a" }).catch((error: Error) => {
      throw failed(error.message);
    });
    const answer = await untilAnswered(asked, path, question, ms);
    if (answer !== null) return answer;
  } finally {
    await Promise.all([rm(asked, { force: true }), rm(path, { force: true }).catch(() => {})]);
  }
  throw unanswered(host, ms);
}

/** Asks a host through folders of a web server: the question lies in one until the answer is in the other. */
import { rm } from "node:fs/promises";
import { join } from "node:path";
import { SECOND_MS } from "../../../base/index.ts";
import { answers, MOST_ANSWER, type StoreAddress, storeFailure } from "../../../fleet/index.ts";
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

/** Files are written whole by nginx; another server may write a piece at a time. */
const isWhole = (text: string): boolean => text.trimEnd().endsWith("}");

async function untilAnswered(path: string, question: string, ms: number): Promise<string | null> {
  const late = AbortSignal.timeout(ms);
  while (!late.aborted) {
    const text = await readUpTo(path, MOST_ANSWER);
    if (text !== null && answers(text, question) && isWhole(text)) return text;
    await pause(LOOK_MS, late);
  }
  return null;
}

/**
 * @param serve writes a file for the web server
 * @param folder that it serves
 * @throws FLEET_STORE_FAILED: there is no answer in time
 */
export async function askInFolder(
  { address, folder, receipts }: { address: StoreAddress; folder: string; receipts: Receipts },
  serve: (name: string, text: string) => Promise<void>,
  { host, question, ms }: { host: string; question: string; ms: number },
): Promise<string> {
  const name = questionName(receiptUrl(receipts, host));
  const path = join(receipts.folder, answerName(receiptName(receipts.secret, host)));
  try {
    await serve(name, question);
    const answer = await untilAnswered(path, question, ms);
    if (answer !== null) return answer;
  } finally {
    await Promise.all([rm(join(folder, name), { force: true }), rm(path, { force: true }).catch(() => {})]);
  }
  throw storeFailure(`cannot ask ${host}`, address, `it does not answer within ${ms / SECOND_MS} s`);
}

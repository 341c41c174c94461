/** What a host is asked through a web server: looks for a question now and then, and puts the answer. */
import { SECOND_MS } from "../../../base/index.ts";
import { type HostAccess, MOST_QUESTION, waitMs } from "../../../fleet/index.ts";
import { pause } from "../../fleet-process/pause.ts";
import { type Asked, fetchText, putJson } from "./fetch-text.ts";
import { publicationUrl } from "./publication-url.ts";
import { answerName, questionName } from "./question-files.ts";

/** While somebody asks: a copy of a log takes many questions. */
const BUSY_MS = SECOND_MS / 2;
const BUSY_FOR_MS = 30 * SECOND_MS;

/**
 * Until the signal. A server that is away, or serves no questions, is asked again; `publications` tells that it is away.
 * @param idleMs how often it looks while nobody asks
 */
export async function hearQuestions(
  { address, credentials, onQuestion }: HostAccess,
  common: Pick<Asked, "ca" | "agent" | "timeMs">,
  idleMs: number,
  signal: AbortSignal,
): Promise<void> {
  if (credentials === null) return;
  const url = publicationUrl(address, questionName(credentials));
  let last = "";
  let askedAt = Number.NEGATIVE_INFINITY;
  /** The answer to the last question; null: the server has it. A gateway answers each question once. */
  let unsent: string | null = null;
  const put = async (body: string) => {
    const status = await putJson(answerName(credentials), body, { ...common, signal });
    if (status < 300) unsent = null;
  };
  const hear = async () => {
    const { status, text } = await fetchText({ ...common, method: "GET", url, most: MOST_QUESTION, signal });
    if (status !== 200) return;
    if (text !== last) {
      last = text;
      askedAt = performance.now();
      unsent = await onQuestion(text);
    }
    if (unsent !== null) await put(unsent);
  };
  for (let failures = 0; !signal.aborted; ) {
    failures = await hear().then(
      () => 0,
      () => failures + 1,
    );
    const isBusy = performance.now() - askedAt < BUSY_FOR_MS;
    await pause(waitMs(failures, isBusy ? BUSY_MS : idleMs, Math.random()), signal);
  }
}

/** A fleet's store behind any web server, for a host: polls one file, and puts its receipt at a URL that only it knows. */
import { Agent } from "node:https";
import { SECOND_MS } from "../../../base/index.ts";
import {
  formatReceipt,
  type HostAccess,
  type HostStore,
  MOST_PUBLICATION,
  StateTeller,
  waitMs,
} from "../../../fleet/index.ts";
import { pause } from "../../fleet-process/pause.ts";
import { fetchText, putJson } from "./fetch-text.ts";
import { hearQuestions } from "./hear-questions.ts";
import { publicationUrl } from "./publication-url.ts";

/** A fifth more or less: a revocation is in force after 12 s, if the web server answers at once. */
const POLL_MS = 10 * SECOND_MS;

/** How long it waits; for tests. */
export interface HttpsTimes {
  readonly pollMs?: number;
  /** For an answer, to its last byte. */
  readonly timeMs?: number;
}

export function openHttpsStore(
  access: HostAccess,
  { pollMs = POLL_MS, ...time }: HttpsTimes = {},
): HostStore {
  const { address, credentials, onState } = access;
  const teller = new StateTeller(onState, Date.now);
  const agent = new Agent({ keepAlive: true, maxSockets: 2 });
  const common = { ca: address.ca, agent, ...time };
  let etag: string | null = null;

  /** @returns null: it has not changed */
  async function poll(signal: AbortSignal): Promise<string | null> {
    const headers: Record<string, string> = etag === null ? {} : { "if-none-match": etag };
    const url = publicationUrl(address);
    const answer = await fetchText({
      ...common,
      method: "GET",
      url,
      headers,
      most: MOST_PUBLICATION,
      signal,
    });
    if (answer.status === 304) return null;
    if (answer.status !== 200) throw new Error(`it answers with status ${answer.status}`);
    etag = answer.etag;
    return answer.text;
  }

  async function* publications(signal: AbortSignal): AsyncGenerator<string> {
    let last: string | null = null;
    for (let failures = 0; !signal.aborted; ) {
      try {
        const text = await poll(signal);
        teller.connected();
        failures = 0;
        if (text !== null && text !== last) yield text;
        last = text ?? last;
      } catch (error) {
        if (!signal.aborted) teller.lost((error as Error).message);
        failures += 1;
      }
      await pause(waitMs(failures, pollMs, Math.random()), signal);
    }
  }

  return {
    publications(signal) {
      void hearQuestions(access, common, pollMs, signal);
      return publications(signal);
    },
    async acknowledge(receipt) {
      if (credentials === null) return;
      const status = await putJson(credentials, formatReceipt(receipt), common);
      if (status < 200 || status > 299) throw new Error(`it answers with status ${status}`);
    },
    async close() {
      agent.destroy();
    },
  };
}

/** One request to a web server that nobody trusts: bounded in time and bytes, over TLS, without redirects. */

import { once } from "node:events";
import type { IncomingMessage } from "node:http";
import { type Agent, type RequestOptions, request } from "node:https";
import { SECOND_MS } from "../../../base/index.ts";
import { textUpTo } from "../../service/text-up-to.ts";

export interface Asked {
  readonly method: "GET" | "PUT";
  readonly url: string;
  /** CAs, PEM; null: the public ones. */
  readonly ca: string | null;
  readonly agent: Agent;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  /** Bytes of the answer's body. */
  readonly most: number;
  readonly signal?: AbortSignal;
  /** From the connection to the last byte: a server that sends a byte now and then does not get longer. */
  readonly timeMs?: number;
}

export interface Answered {
  readonly status: number;
  readonly etag: string | null;
  readonly text: string;
}

const TIME_MS = 30 * SECOND_MS;
const MOST_HEAD_BYTES = 16 * 1024;
const MOST_ETAG = 256;
/** Of what a server answers to a PUT, which nobody reads. */
const MOST_PUT_ANSWER = 2_048;

async function bodyOf(answer: IncomingMessage, most: number): Promise<string> {
  if ((answer.headers["content-encoding"] ?? "identity") !== "identity")
    throw new Error("its answer is compressed");
  const tooLong = new Error(`its answer is longer than ${most} bytes`);
  if (Number(answer.headers["content-length"] ?? 0) > most) throw tooLong;
  const text = await textUpTo(answer, most);
  if (text === null) throw tooLong;
  return text;
}

function tagOf({ headers: { etag } }: IncomingMessage): string | null {
  return etag !== undefined && etag.length <= MOST_ETAG ? etag : null;
}

/** Puts a text of JSON at a URL. @returns the answer's status @throws as {@link fetchText} */
export async function putJson(
  url: string,
  body: string,
  common: Pick<Asked, "ca" | "agent" | "timeMs" | "signal">,
): Promise<number> {
  const headers = { "content-type": "application/json", "content-length": `${Buffer.byteLength(body)}` };
  const { status } = await fetchText({ ...common, method: "PUT", url, headers, body, most: MOST_PUT_ANSWER });
  return status;
}

/** @throws Error whose message says why: foreign text */
export async function fetchText({
  url,
  ca,
  most,
  body,
  signal,
  headers,
  timeMs = TIME_MS,
  ...rest
}: Asked): Promise<Answered> {
  const late = AbortSignal.timeout(timeMs);
  const options: RequestOptions = {
    ...rest,
    ...(ca === null ? {} : { ca }),
    headers: { "accept-encoding": "identity", "cache-control": "no-cache", ...headers },
    maxHeaderSize: MOST_HEAD_BYTES,
    signal: signal === undefined ? late : AbortSignal.any([late, signal]),
  };
  const asking = request(url, options);
  // A body that is cut off reports its error here too.
  asking.on("error", () => {});
  try {
    asking.end(body);
    const [answer] = (await once(asking, "response")) as [IncomingMessage];
    const text = await bodyOf(answer, most);
    return { status: answer.statusCode ?? 0, etag: tagOf(answer), text };
  } catch (error) {
    asking.destroy();
    throw late.aborted ? new Error(`it does not answer within ${timeMs / SECOND_MS} s`) : error;
  }
}

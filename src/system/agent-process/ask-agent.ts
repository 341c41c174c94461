/** Asks a running agent about a line, or tells it to end. */
import { once } from "node:events";
import { connect } from "node:net";
import { type LineState, readLineState, STATUS_TARGET, STOP_TARGET } from "../../agent/index.ts";
import { SECOND_MS } from "../../base/index.ts";

const ANSWER_MS = 3 * SECOND_MS;
/** An agent closes its connections and ends at once. */
const STOP_MS = 10 * SECOND_MS;
const MAX_BYTES = 16 * 1024;

/** @returns the answer, when the agent has ended the connection */
async function call(path: string, request: string, answerMs: number): Promise<LineState | undefined> {
  const socket = connect(path).setTimeout(answerMs, () => socket.destroy(new Error("no answer in time")));
  try {
    await once(socket, "connect");
    socket.write(`${request} HTTP/1.1\r\nHost: agent\r\n\r\n`);
    let text = "";
    for await (const chunk of socket.setEncoding("utf8") as AsyncIterable<string>) {
      text += chunk;
      if (text.length > MAX_BYTES) return undefined;
    }
    return readLineState(text);
  } catch {
    return undefined;
  } finally {
    socket.destroy();
  }
}

/** @param path of the line's socket @returns undefined: nobody listens there, or it is not an agent */
export function askAgent(path: string): Promise<LineState | undefined> {
  return call(path, `GET ${STATUS_TARGET}`, ANSWER_MS);
}

/** @returns what it was when it ended; undefined: it does not end in time, or is older than this call */
export function stopAgent(path: string): Promise<LineState | undefined> {
  return call(path, `POST ${STOP_TARGET}`, STOP_MS);
}

/** Asks a running agent about a line. */
import { once } from "node:events";
import { connect } from "node:net";
import { type LineState, readLineState, STATUS_TARGET } from "../../agent/index.ts";

const ANSWER_MS = 3_000;
const MAX_BYTES = 16 * 1024;

/** @param path of the line's socket @returns undefined: nobody listens there, or it is not an agent */
export async function askAgent(path: string): Promise<LineState | undefined> {
  const socket = connect(path).setTimeout(ANSWER_MS, () => socket.destroy(new Error("no answer in time")));
  try {
    await once(socket, "connect");
    socket.write(`GET ${STATUS_TARGET} HTTP/1.1\r\nHost: agent\r\n\r\n`);
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

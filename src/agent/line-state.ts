/** What an agent says about a line that it serves. */
import { json } from "../base/index.ts";
import { jsonAnswer } from "./refusal.ts";

export interface LineState {
  readonly line: string;
  readonly pid: number;
  readonly version: string;
  /** Connections that wait for a client. */
  readonly spares: number;
  /** Clients connected now, besides the one that asks. */
  readonly clients: number;
  /** Why the last connection failed; null if one has been made since. */
  readonly problem: string | null;
}

export function statusAnswer(state: LineState): string {
  return jsonAnswer("200 OK", state);
}

const lineState = json.openObject({
  line: { read: json.words() },
  pid: { read: json.count(2 ** 31) },
  version: { read: json.words() },
  spares: { read: json.number },
  clients: { read: json.number },
  problem: { read: json.orNull(json.words()) },
});

/** @param text a whole answer @returns undefined when it is not one of an agent */
export function readLineState(text: string): LineState | undefined {
  const [head = "", body] = text.split("\r\n\r\n", 2);
  if (!head.startsWith("HTTP/1.1 200 ") || body === undefined) return undefined;
  const read = json.read(body, lineState);
  return "value" in read ? read.value : undefined;
}

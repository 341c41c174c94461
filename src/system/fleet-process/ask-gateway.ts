/** Speaks with the gateway beside the fleet process: one line each way, on a connection of its own. */
import { connect } from "node:net";
import { SECOND_MS, TetherdockError } from "../../base/index.ts";
import {
  formatHandOver,
  formatPassedQuestion,
  type HandOver,
  type HandOverAnswer,
  MOST_HAND_OVER,
  PASSED_MS,
  readHandOverAnswer,
  readPassedAnswer,
} from "../../fleet/index.ts";

/** Putting a list in force waits 2 s for connections to close. */
const TIME_MS = 30 * SECOND_MS;

function failed(why: string): TetherdockError {
  return new TetherdockError("FLEET_LINK_FAILED", "the gateway does not answer the fleet process", {
    why: [why],
    hints: ["systemctl status tetherdock-gateway tetherdock-fleet"],
  });
}

function answerTo(path: string, line: string, timeMs: number): Promise<string> {
  const { promise, resolve, reject } = Promise.withResolvers<string>();
  const pieces: Buffer[] = [];
  let bytes = 0;
  const socket = connect({ path });
  socket.setTimeout(timeMs, () => socket.destroy(new Error(`no answer in ${timeMs / SECOND_MS} s`)));
  socket.on("error", (error) => reject(failed(error.message)));
  socket.on("data", (piece: Buffer) => {
    bytes += piece.length;
    if (bytes > MOST_HAND_OVER) socket.destroy(new Error("the answer is too long"));
    else pieces.push(piece);
  });
  socket.on("close", () => resolve(Buffer.concat(pieces).toString("utf8")));
  socket.end(line);
  return promise;
}

/** @param path of the gateway's socket @throws FLEET_LINK_FAILED */
export function askGateway(path: string): (offer: HandOver) => Promise<HandOverAnswer> {
  return async (offer) => {
    const read = readHandOverAnswer(await answerTo(path, formatHandOver(offer), TIME_MS));
    if ("problems" in read) throw failed(read.problems.join("; "));
    return read.value;
  };
}

/** @param path of the gateway's socket @returns passes an operator's question on @throws FLEET_LINK_FAILED */
export function passQuestion(path: string): (question: string) => Promise<string> {
  return async (question) => {
    const answer = readPassedAnswer(await answerTo(path, formatPassedQuestion(question), PASSED_MS));
    if (answer === null) throw failed("it does not know questions: it is older than its fleet process");
    return answer;
  };
}

/** Passes dockerd's answer to a gRPC call on to the client: its head, its messages and its trailers. */
import {
  type ClientHttp2Stream,
  constants,
  type IncomingHttpHeaders,
  type ServerHttp2Stream,
} from "node:http2";
import type { AnswerPlace } from "../answers/answer-place.ts";
import type { Exchange } from "../record/exchange.ts";
import { refuse, STATUS } from "./status.ts";

/** Without what belongs to the connection. */
export function answerFields(
  fields: IncomingHttpHeaders,
): Record<string, string | number | string[] | undefined> {
  return Object.fromEntries(
    Object.entries(fields).filter(([name]) => name !== "connection" && name !== "date"),
  );
}

/** @param place learns whether the client reads @param isOver whether the call has ended: what still arrives is dropped */
export function passAnswer(
  call: ClientHttp2Stream,
  stream: ServerHttp2Stream,
  exchange: Exchange,
  place: AnswerPlace,
  isOver: () => boolean,
): void {
  let trailers: IncomingHttpHeaders = {};
  const counts = (piece: Buffer) => {
    exchange.bytesOut += piece.length;
  };
  // messages may arrive before this event, and wait for somebody who reads them
  call.on("response", (head) => {
    if (isOver() || stream.destroyed || stream.closed || stream.headersSent) return;
    exchange.status = head[":status"] ?? null;
    // without messages, gRPC has its trailers in the head
    const endStream = head["grpc-status"] !== undefined;
    stream.respond(answerFields(head), endStream ? { endStream } : { waitForTrailers: true });
    place.answers();
    if (endStream) call.resume();
    else {
      call.on("data", counts).pipe(stream);
      // After what the pipe does with the piece.
      call.on("data", () => stream.writableNeedDrain && place.stalls());
      stream.on("drain", () => place.flows());
    }
  });
  call.on("trailers", (fields) => {
    trailers = fields;
  });
  stream.on("wantTrailers", () => stream.sendTrailers(answerFields(trailers)));
  call.on("error", () => refuse(stream, STATUS.unavailable, "Docker on the host did not answer"));
  call.on("aborted", () => stream.close(call.rstCode ?? constants.NGHTTP2_CANCEL));
}

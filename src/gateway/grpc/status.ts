/** gRPC's statuses, and the heads of its messages. @see https://grpc.io/docs/guides/status-codes */
import { constants, type ServerHttp2Stream } from "node:http2";
import { FLAG, FRAME, HEAD_BYTES as FRAME_HEAD_BYTES } from "./frames.ts";

export const STATUS = {
  invalid: "3",
  denied: "7",
  exhausted: "8",
  unimplemented: "12",
  internal: "13",
  unavailable: "14",
} as const;

export type Status = (typeof STATUS)[keyof typeof STATUS];

/** Characters of an encoded text. */
const MOST_TEXT = 4_000;

/** @returns a text as `grpc-message` has it, not cut in the middle of a character's three */
const encoded = (text: string): string =>
  encodeURIComponent(text.toWellFormed()).slice(0, MOST_TEXT).replace(/%.?$/, "");

/** Answers with a status and no message, all in the head. What the client still sends is not read. */
export function refuse(stream: ServerHttp2Stream, status: Status, text: string): void {
  if (stream.destroyed || stream.closed || stream.headersSent) {
    stream.close(constants.NGHTTP2_INTERNAL_ERROR);
    return;
  }
  const head = { ":status": 200, "content-type": "application/grpc", "grpc-status": status };
  stream.respond({ ...head, "grpc-message": encoded(text) }, { endStream: true });
  stream.close(constants.NGHTTP2_NO_ERROR);
}

/** HPACK: a field that is never indexed, with a name and a value that are written out (RFC 7541, section 6.2.3). */
function writtenOut(name: string, value: string): Buffer {
  const head = Buffer.from([0x10, name.length, ...Buffer.from(name)]);
  // Lengths have 7 bits, and then 7 bits more of what is above that.
  const length =
    value.length < 127
      ? [value.length]
      : [127, ((value.length - 127) & 127) | 128, (value.length - 127) >> 7];
  return Buffer.concat([head, Buffer.from(length), Buffer.from(value, "latin1")]);
}

function frame(type: number, flags: number, id: number, payload: Buffer): Buffer {
  const head = Buffer.alloc(FRAME_HEAD_BYTES);
  head.writeUIntBE(payload.length, 0, 3);
  head.writeUInt8(type, 3);
  head.writeUInt8(flags, 4);
  head.writeUInt32BE(id, 5);
  return Buffer.concat([head, payload]);
}

/** @returns the frame that ends a call which has had its head, for a connection that nothing follows on @param id of the stream */
export function trailersFrame(id: number, status: Status, text: string): Buffer {
  const fields = Buffer.concat([
    writtenOut("grpc-status", status),
    writtenOut("grpc-message", encoded(text)),
  ]);
  return frame(FRAME.headers, FLAG.endStream | FLAG.endHeaders, id, fields);
}

/** @returns the frame of a message, which may be in place of a smaller one: no client of Docker's is that close to its window's end @param id of the stream */
export const dataFrame = (id: number, message: Buffer): Buffer => frame(FRAME.data, 0, id, message);

/** A flag that says whether it is compressed, and the length. */
const HEAD_BYTES = 5;

/** @returns the message of a call, or why it is refused: there has to be one, whole and not compressed */
export function onlyMessage(bytes: Buffer): Buffer | string {
  if (bytes.length < HEAD_BYTES) return "the call has no message";
  if (bytes[0] !== 0) return "the message is compressed; send it as it is";
  const length = bytes.readUInt32BE(1);
  if (bytes.length !== HEAD_BYTES + length) return "the call does not have exactly one message";
  return bytes.subarray(HEAD_BYTES);
}

export function framed(message: Uint8Array): Buffer {
  const head = Buffer.alloc(HEAD_BYTES);
  head.writeUInt32BE(message.length, 1);
  return Buffer.concat([head, message]);
}

/** Bytes of a call with a message of this size. */
export const framedLength = (messageBytes: number): number => messageBytes + HEAD_BYTES;

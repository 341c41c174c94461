/**
 * The gRPC messages and the header fields that a client sends on a session, read from the HTTP/2 frames as they pass. Uploads are
 * not gathered.
 */
import { ByteBuffer } from "../../http/index.ts";
import type { SentAnswer } from "../../policy/index.ts";
import { FieldBlocks } from "./fields/field-blocks.ts";

const FRAME_HEAD = 9;
const MESSAGE_HEAD = 5;
const DATA = 0;
const HEADERS = 1;
const RST_STREAM = 3;
const END_STREAM = 1;
const PADDED = 8;

/** A stream that only the engine ends is not forgotten. */
const MOST_STREAMS = 4096;
/** A part of a file has 32 KiB, a secret up to 500 KB. */
const MESSAGE_BYTES = 1024 * 1024;
/** All messages that have not ended. */
const GATHERED_BYTES = 4 * 1024 * 1024;
/** So much of a message decides whether the rest is a file's content. */
const START_BYTES = 24;

/** The bytes cannot be read, or break a limit. */
export class SessionError extends Error {}

export interface SentParts {
  /** @returns what judges the client's part of a call; or why there must be none */
  readonly answerTo: (id: number) => SentAnswer | string;
  /** Gets every header field whose value is written out. */
  readonly field: (name: string, value: string) => void;
  /** The client has ended its part of a call. */
  readonly ended: (id: number) => void;
  /** How many bytes wait. */
  readonly gathers: (bytes: number) => void;
}

interface Stream {
  answer: SentAnswer;
  /** What the answer held when it was counted. */
  held: number;
  head: Buffer;
  headLength: number;
  /** Bytes of the message that are still to come. */
  due: number;
  length: number;
  skips: boolean;
  kept: ByteBuffer;
}

const newStream = (answer: SentAnswer): Stream => ({
  ...{ head: Buffer.alloc(MESSAGE_HEAD), headLength: 0, due: 0, length: 0, skips: false },
  ...{ answer, held: 0 },
  kept: new ByteBuffer(),
});

/** To a call that the engine has cancelled: it reads nothing of what is still on its way. */
const UNREAD: SentAnswer = {
  ...{ held: 0, contentOf: () => null, refusesContent: () => null, refuses: () => null },
};

function requireFine(why: string | null): void {
  if (why !== null) throw new SessionError(why);
}

export class SentMessages {
  readonly #parts: SentParts;
  readonly #streams = new Map<number, Stream>();
  readonly #head = Buffer.alloc(FRAME_HEAD);
  #headLength = 0;
  /** Of the frame: bytes to come, of which the last ones are padding. */
  #due = 0;
  #padding = 0;
  #awaitsPadding = false;
  /** The frame has header fields. */
  #hasFields = false;
  #gathered = 0;
  readonly #blocks: FieldBlocks;

  constructor(parts: SentParts) {
    this.#parts = parts;
    this.#blocks = new FieldBlocks(parts.field);
  }

  /** The engine has ended this call. */
  cancelled(id: number): void {
    const stream = this.#streams.get(id);
    if (stream === undefined) return;
    this.#count(-stream.held);
    stream.answer = UNREAD;
    stream.held = 0;
  }

  /** @throws SessionError, FieldError */
  read(bytes: Buffer): void {
    for (let at = 0; at < bytes.length; ) at += this.#step(bytes.subarray(at));
  }

  /** @returns how many bytes it has used */
  #step(bytes: Buffer): number {
    if (this.#headLength < FRAME_HEAD) {
      const used = bytes.copy(this.#head, this.#headLength);
      this.#headLength += used;
      if (this.#headLength === FRAME_HEAD) this.#beginFrame();
      return used;
    }
    if (this.#awaitsPadding) {
      this.#awaitsPadding = false;
      this.#padding = bytes[0] ?? 0;
      this.#due--;
      if (this.#padding > this.#due) throw new SessionError("a frame has more padding than bytes");
      this.#endFrameIfDone();
      return 1;
    }
    const used = Math.min(bytes.length, this.#due);
    const content = Math.min(used, this.#due - this.#padding);
    if (content > 0 && this.#type === DATA) this.#data(bytes.subarray(0, content));
    if (content > 0 && this.#hasFields) this.#countFields(() => this.#blocks.add(bytes.subarray(0, content)));
    this.#due -= used;
    this.#endFrameIfDone();
    return used;
  }

  get #type(): number {
    return this.#head[3] ?? 0;
  }

  get #flags(): number {
    return this.#head[4] ?? 0;
  }

  get #id(): number {
    return this.#head.readUInt32BE(5) & 0x7fffffff;
  }

  #beginFrame(): void {
    this.#due = this.#head.readUIntBE(0, 3);
    this.#padding = 0;
    this.#hasFields = this.#blocks.begin(this.#type, this.#flags, this.#id);
    this.#awaitsPadding = (this.#type === DATA || this.#type === HEADERS) && (this.#flags & PADDED) !== 0;
    if (this.#awaitsPadding && this.#due === 0)
      throw new SessionError("a frame has no length of its padding");
    this.#endFrameIfDone();
  }

  #endFrameIfDone(): void {
    if (this.#due > 0 || this.#awaitsPadding) return;
    this.#headLength = 0;
    if (this.#hasFields) this.#countFields(() => this.#blocks.end(this.#flags));
    const ends = (this.#type === DATA || this.#type === HEADERS) && (this.#flags & END_STREAM) !== 0;
    if (ends || this.#type === RST_STREAM) this.#forget(this.#id);
  }

  /** Counts what the work adds to the fields that wait, or takes from them. */
  #countFields(work: () => void): void {
    const before = this.#blocks.length;
    work();
    this.#count(this.#blocks.length - before);
  }

  #forget(id: number): void {
    this.#parts.ended(id);
    const stream = this.#streams.get(id);
    if (stream === undefined) return;
    this.#streams.delete(id);
    this.#count(-stream.kept.length - stream.held);
  }

  #count(more: number): void {
    this.#gathered += more;
    if (this.#gathered > GATHERED_BYTES) throw new SessionError("too many messages have not ended");
    if (more !== 0) this.#parts.gathers(this.#gathered);
  }

  #data(bytes: Buffer): void {
    let stream = this.#streams.get(this.#id);
    if (stream === undefined) {
      if (this.#streams.size >= MOST_STREAMS) throw new SessionError("too many streams have not ended");
      const answer = this.#parts.answerTo(this.#id);
      if (typeof answer === "string") throw new SessionError(answer);
      stream = newStream(answer);
      this.#streams.set(this.#id, stream);
    }
    for (let at = 0; at < bytes.length; ) at += this.#part(stream, bytes.subarray(at));
  }

  #part(stream: Stream, bytes: Buffer): number {
    if (stream.headLength < MESSAGE_HEAD) {
      const used = bytes.copy(stream.head, stream.headLength);
      stream.headLength += used;
      if (stream.headLength === MESSAGE_HEAD) this.#beginMessage(stream);
      return used;
    }
    const isStart = !stream.skips && stream.kept.length < START_BYTES;
    const used = Math.min(bytes.length, stream.due, isStart ? START_BYTES - stream.kept.length : Infinity);
    stream.due -= used;
    if (!stream.skips) {
      stream.kept.add(bytes.subarray(0, used));
      this.#count(used);
      if (isStart && stream.kept.length === START_BYTES) this.#decide(stream);
    }
    if (stream.due === 0) this.#endMessage(stream);
    return used;
  }

  #beginMessage(stream: Stream): void {
    if (stream.head[0] !== 0) throw new SessionError("a message is compressed");
    stream.length = stream.head.readUInt32BE(1);
    stream.due = stream.length;
    stream.skips = false;
    if (stream.length > MESSAGE_BYTES) throw new SessionError("a message is too large");
    if (stream.due === 0) this.#endMessage(stream);
  }

  #decide(stream: Stream): void {
    const content = stream.answer.contentOf(stream.kept.bytes, stream.length);
    if (content === null) return;
    requireFine(stream.answer.refusesContent(content));
    this.#count(-stream.kept.length);
    stream.kept.take();
    stream.skips = true;
  }

  #endMessage(stream: Stream): void {
    stream.headLength = 0;
    if (stream.skips) return;
    const message = stream.kept.take();
    this.#count(-message.length);
    requireFine(stream.answer.refuses(message));
    const { held } = stream.answer;
    this.#count(held - stream.held);
    stream.held = held;
  }
}

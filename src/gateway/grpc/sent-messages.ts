/**
 * The gRPC messages and the header fields that a client sends on a session, read from the HTTP/2 frames as they pass. Uploads are
 * not gathered.
 */
import { ByteBuffer } from "../../http/index.ts";
import type { SentAnswer } from "../../policy/index.ts";
import { FieldBlocks } from "./fields/field-blocks.ts";
import { FLAG, FRAME, type FrameHead, Frames } from "./frames.ts";

const MESSAGE_HEAD = 5;

/** That nobody has ended. */
const MOST_STREAMS = 4096;
/** A part of a file has 32 KiB, a secret up to 500 KB. */
const MESSAGE_BYTES = 1024 * 1024;
/** All messages that have not ended. */
const GATHERED_BYTES = 4 * 1024 * 1024;
/** Docker's clients send some ten, and declare three more. */
const MOST_FIELDS = 256;
/** So much of a message decides whether the rest is a file's content. */
const START_BYTES = 24;

/** The bytes cannot be read, or break a limit. */
export class SessionError extends Error {}

export interface SentParts {
  /** @returns what judges the client's part of a call; or why there must be none; null: the engine has ended it, and reads no more of it */
  readonly answerTo: (id: number) => SentAnswer | string | null;
  /** @returns why a call must not have header fields now; null: it may */
  readonly refusesFields: (id: number) => string | null;
  /** Gets every header field whose value is written out. */
  readonly field: (name: string, value: string) => void;
  /** The client has ended its part of a call. */
  readonly ended: (id: number) => void;
  /** How many bytes wait. */
  readonly gathers: (bytes: number) => void;
}

/** Where a frame begins that is refused. */
export interface RefusedAt {
  /** Of the stream. */
  readonly id: number;
  readonly at: number;
  /** What refuses it; null: it begins in the middle of a message, so that no other message can take its place. */
  readonly answer: SentAnswer | null;
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

/** Only these frames may end a stream, or have padding. */
const hasStreamFlags = (type: number): boolean => type === FRAME.data || type === FRAME.headers;

function requireFine(why: string | null): void {
  if (why !== null) throw new SessionError(why);
}

export class SentMessages {
  readonly #parts: SentParts;
  readonly #streams = new Map<number, Stream>();
  readonly #frames: Frames;
  /** Of the frame: bytes to come, of which the last ones are padding. */
  #due = 0;
  #padding = 0;
  #awaitsPadding = false;
  /** The frame has header fields. */
  #hasFields = false;
  #gathered = 0;
  /** The stream of a frame that is being judged. */
  #judged: Omit<RefusedAt, "at"> | null = null;
  readonly #blocks: FieldBlocks;

  constructor(parts: SentParts) {
    this.#parts = parts;
    this.#blocks = new FieldBlocks(parts.field, () => {}, MOST_FIELDS);
    this.#frames = new Frames({
      begin: (head) => this.#begin(head),
      payload: (bytes, head) => this.#payload(bytes, head),
      end: (head) => this.#end(head),
    });
  }

  /**
   * After a message was refused: its stream, and where its frame begins in the bytes that were read.
   * @returns null: it is no message, or its frame begins in earlier bytes
   */
  get refusedAt(): RefusedAt | null {
    const at = this.#frames.startsAt;
    return at === null || this.#judged === null ? null : { ...this.#judged, at };
  }

  /** The engine has ended this call: what the client has sent meanwhile is not read. */
  cancelled(id: number): void {
    this.#forget(id);
  }

  /** @throws SessionError, FieldError */
  read(bytes: Buffer): void {
    this.#frames.read(bytes);
  }

  #begin({ type, flags, id, length }: FrameHead): void {
    this.#due = length;
    this.#padding = 0;
    this.#hasFields = this.#blocks.begin(type, flags, id);
    if (type === FRAME.headers) requireFine(this.#parts.refusesFields(id));
    this.#awaitsPadding = hasStreamFlags(type) && (flags & FLAG.padded) !== 0;
    if (this.#awaitsPadding && length === 0) throw new SessionError("a frame has no length of its padding");
  }

  #payload(bytes: Buffer, { type, id }: FrameHead): void {
    let rest = bytes;
    if (this.#awaitsPadding) {
      this.#awaitsPadding = false;
      this.#padding = bytes[0] ?? 0;
      this.#due--;
      if (this.#padding > this.#due) throw new SessionError("a frame has more padding than bytes");
      rest = bytes.subarray(1);
    }
    const content = rest.subarray(0, Math.max(0, this.#due - this.#padding));
    if (content.length > 0 && type === FRAME.data) this.#data(id, content);
    if (content.length > 0 && this.#hasFields) this.#countFields(() => this.#blocks.add(content));
    this.#due -= rest.length;
  }

  #end({ type, flags, id }: FrameHead): void {
    if (this.#hasFields) this.#countFields(() => this.#blocks.end(flags));
    const ends = hasStreamFlags(type) && (flags & FLAG.endStream) !== 0;
    if (!ends && type !== FRAME.resetStream) return;
    this.#parts.ended(id);
    this.#forget(id);
  }

  /** Counts what the work adds to the fields that wait, or takes from them. */
  #countFields(work: () => void): void {
    const before = this.#blocks.length;
    work();
    this.#count(this.#blocks.length - before);
  }

  #forget(id: number): void {
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

  #data(id: number, bytes: Buffer): void {
    let stream = this.#streams.get(id);
    if (stream === undefined) {
      const answer = this.#parts.answerTo(id);
      if (answer === null) return;
      if (this.#streams.size >= MOST_STREAMS) throw new SessionError("too many streams have not ended");
      if (typeof answer === "string") throw new SessionError(answer);
      stream = newStream(answer);
      this.#streams.set(id, stream);
    }
    this.#judged = { id, answer: stream.headLength === 0 ? stream.answer : null };
    for (let at = 0; at < bytes.length; ) at += this.#part(stream, bytes.subarray(at));
    this.#judged = null;
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

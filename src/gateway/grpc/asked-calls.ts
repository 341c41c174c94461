/** The calls that the engine makes on a session, read from its HTTP/2 frames as they pass: what a client may answer depends on them. */
import { FieldBlocks } from "./fields/field-blocks.ts";
import { FieldError } from "./fields/hpack.ts";
import { FLAG, FRAME, type FrameHead, Frames } from "./frames.ts";

/** `PRI * HTTP/2.0`, and two empty lines around `SM`. */
const PREFACE = 24;
const MOST_CALLS = 4096;
/** Docker's clients send two: before their first message, and at the end. */
const MOST_BLOCKS = 4;

interface Call {
  readonly path: string;
  /** Blocks of header fields that the client has begun. */
  blocks: number;
}

export class AskedCalls {
  /** Calls that nobody has ended. */
  readonly #open = new Map<number, Call>();
  /** Of those that the engine has ended: what the client has sent meanwhile is still on its way. */
  readonly #cancelled = new Map<number, Call>();
  /** The newest call: their numbers grow. */
  #last = 0;
  #path: string | null = null;
  #hasFields = false;
  readonly #blocks: FieldBlocks;
  readonly #frames: Frames;
  readonly #onCancelled: (id: number) => void;

  constructor(onCancelled: (id: number) => void) {
    this.#onCancelled = onCancelled;
    const seen = (name: string, value: string) => {
      if (name === ":path") this.#path = value;
    };
    this.#blocks = new FieldBlocks(seen, seen);
    this.#frames = new Frames(
      {
        begin: (head) => this.#begin(head),
        payload: (bytes) => {
          if (this.#hasFields) this.#blocks.add(bytes);
        },
        end: (head) => this.#end(head),
      },
      PREFACE,
    );
  }

  /** @throws FieldError */
  read(bytes: Buffer): void {
    this.#frames.read(bytes);
  }

  /** @returns null: the engine has not made this call, or the client has ended it */
  pathOf(id: number): string | null {
    return this.#callOf(id)?.path ?? null;
  }

  isCancelled(id: number): boolean {
    return this.#cancelled.has(id);
  }

  /** Header fields of no call would be work for nothing, and for the engine nothing. @returns why the client must not begin a block; null: it may */
  refusesFields(id: number): string | null {
    const call = this.#callOf(id);
    if (call === undefined)
      return "the session sends header fields for a call that was not made, or has ended";
    call.blocks += 1;
    return call.blocks > MOST_BLOCKS ? "the session sends header fields of a call again and again" : null;
  }

  #callOf(id: number): Call | undefined {
    return this.#open.get(id) ?? this.#cancelled.get(id);
  }

  /** The client has ended it: it sends no more of it. */
  ended(id: number): void {
    this.#open.delete(id);
    this.#cancelled.delete(id);
  }

  #cancels(id: number): void {
    const call = this.#open.get(id);
    if (call === undefined) return;
    this.#open.delete(id);
    this.#cancelled.set(id, call);
    this.#onCancelled(id);
    const [oldest] = this.#cancelled.keys();
    if (oldest !== undefined && this.#cancelled.size > MOST_CALLS) this.#cancelled.delete(oldest);
  }

  #begin({ type, flags, id }: FrameHead): void {
    if (type === FRAME.headers && (flags & FLAG.padded) !== 0)
      throw new FieldError("the engine pads its header fields");
    this.#hasFields = this.#blocks.begin(type, flags, id);
  }

  #end({ type, flags, id }: FrameHead): void {
    if (this.#hasFields) {
      this.#blocks.end(flags);
      if ((flags & FLAG.endHeaders) !== 0) this.#asked(id);
    } else if (type === FRAME.resetStream) this.#cancels(id);
  }

  #asked(id: number): void {
    const path = this.#path;
    this.#path = null;
    if (id <= this.#last) return;
    this.#last = id;
    if (this.#open.size >= MOST_CALLS) throw new FieldError("too many calls have not ended");
    this.#open.set(id, { path: path ?? "", blocks: 0 });
  }
}

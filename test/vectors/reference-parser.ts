/** Another program that reads HTTP: it is sent what we would pass on, and says which requests it saw. */
import type { Duplex } from "node:stream";
import { type Body, INCOMPLETE, NO_BODY, readResponseHead, responseBody } from "../../src/http/index.ts";
import type { Sequence } from "./sequence.ts";
import type { ReferenceName } from "./vector.ts";

/** What came of one connection. */
export interface Seen {
  /** As {@link Sequence.requests} tells them. */
  readonly requests: readonly string[];
  /** Of the final answers. */
  readonly statuses: readonly number[];
}

export interface ReferenceParser extends AsyncDisposable {
  readonly name: ReferenceName;
  /**
   * One connection.
   * @param ours what we read in `bytes`
   * @param bytes sent as they are
   */
  ask(ours: Sequence, bytes: Buffer): Promise<Seen>;
}

const LAST = "GET /_ping?last HTTP/1.1\r\nHost: docker\r\nConnection: close\r\n\r\n";
const PATIENCE_MS = 15_000;

/**
 * What goes to upstream: nothing from a refused message's fault on. Where the connection is ready for another request,
 * one that closes it follows: whoever disagrees on where the one before ended cannot read it.
 */
export function upstreamBytes({ end, passed }: Sequence, bytes: Buffer): Buffer {
  const sent = bytes.subarray(0, passed);
  const ready = end === "clean" || /^refused \S+ in head$/.test(end);
  return ready ? Buffer.concat([sent, Buffer.from(LAST)]) : sent;
}

/** What upstream must have seen of it. */
export function upstreamRequests(ours: Sequence, bytes: Buffer): readonly string[] {
  return upstreamBytes(ours, bytes).length > ours.passed
    ? [...ours.requests, "GET /_ping?last"]
    : ours.requests;
}

/** Reads answers one after another. */
class Answers {
  readonly statuses: number[] = [];
  readonly #methods: readonly string[];
  #bytes: Buffer = Buffer.alloc(0);
  #body: Body = NO_BODY;

  /** @param requests whose answers they are */
  constructor(requests: readonly string[]) {
    this.#methods = requests.map((request) => request.split(" ")[0] as string);
  }

  take(chunk: Buffer): void {
    this.#bytes = Buffer.concat([this.#bytes, chunk]);
    for (;;) {
      if (!this.#body.done) {
        this.#drop(this.#body.take(this.#bytes, 0));
        if (!this.#body.done) return;
      }
      const head = readResponseHead(this.#bytes, 0);
      if (head.length === INCOMPLETE) return;
      if (head.problem !== null)
        throw new Error(`no answer, ${head.problem.text}: ${this.#bytes.toString("latin1")}`);
      this.#drop(head.length);
      if (head.status < 200) continue;
      this.#body = responseBody(head, this.#methods[this.statuses.length] ?? "GET");
      this.statuses.push(head.status);
    }
  }

  #drop(count: number): void {
    this.#bytes = this.#bytes.subarray(count);
  }
}

/** What is said on one connection. */
export interface Script {
  readonly bytes: Buffer;
  /** Those that are answered, refused ones too: an answer to HEAD has no body. */
  readonly requests: readonly string[];
  /** After this many bytes are sent, this many answers are awaited; the last entry is all of them. */
  readonly pauses: readonly { readonly bytes: number; readonly requests: number }[];
  /** Whether the other end waits for more, when everything is answered, until it is told that there is none. */
  readonly ends: boolean;
}

/** @param bytes of which `ours` was read */
export function scriptOf(ours: Sequence, bytes: Buffer): Script {
  const all = upstreamBytes(ours, bytes);
  const requests = upstreamRequests(ours, bytes);
  return {
    bytes: all,
    requests,
    pauses: [...ours.upgrades, { bytes: all.length, requests: requests.length }],
    ends: ours.end !== "closed" && requests.length === ours.requests.length,
  };
}

/**
 * Says it, and waits until the other end closes the connection.
 * @param socket ends itself when the other end does
 * @returns the statuses of the final answers
 */
export async function converse(socket: Duplex, { bytes, requests, ...script }: Script): Promise<number[]> {
  const answers = new Answers(requests);
  const pauses = [...script.pauses];
  const { promise, resolve, reject } = Promise.withResolvers<number[]>();
  const patience = AbortSignal.timeout(PATIENCE_MS);
  const giveUp = () => socket.destroy(new Error(`it neither answers nor closes after ${answers.statuses}`));
  patience.addEventListener("abort", giveUp);
  let sent = 0;
  const goOn = () => {
    const [pause] = pauses;
    if (pause === undefined) {
      if (script.ends) socket.end();
    } else if (sent < pause.bytes) {
      const from = sent;
      sent = pause.bytes;
      socket.write(bytes.subarray(from, sent), goOn);
    } else if (answers.statuses.length >= pause.requests) {
      pauses.shift();
      goOn();
    }
  };
  socket.on("data", (chunk: Buffer) => {
    try {
      answers.take(chunk);
      goOn();
    } catch (error) {
      socket.destroy(error as Error);
    }
  });
  socket.on("error", (error: NodeJS.ErrnoException) => {
    // reset, because bytes were on their way that the other end no longer wanted: it has closed
    if (error.code !== "ECONNRESET" && error.code !== "EPIPE") reject(error);
  });
  socket.on("close", () => {
    patience.removeEventListener("abort", giveUp);
    resolve(answers.statuses);
  });
  goOn();
  return await promise;
}

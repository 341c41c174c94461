/** What src/http reads in a connection's bytes, driven as the gateway drives it: a head, its body, the next head. */
import {
  type Body,
  dechunk,
  INCOMPLETE,
  type RequestHead,
  readRequestHead,
  requestBody,
} from "../../src/http/index.ts";
import type { End } from "./vector.ts";

/** The requests of a connection. */
export interface Sequence {
  /** `METHOD target`, and a space and the decoded body if there is one. */
  readonly requests: readonly string[];
  readonly end: End;
  /** `METHOD target` of the one whose body is not whole; null: there is none. */
  readonly begun: string | null;
  /** Bytes that may be forwarded: all except the refused ones. */
  readonly passed: number;
  /** How many bytes, and how many requests, there are when the answer to an upgrade must come before anything else. */
  readonly upgrades: readonly Upgrade[];
}

interface Upgrade {
  readonly bytes: number;
  readonly requests: number;
}

function describe(head: RequestHead, body: Buffer): string {
  const data = head.chunked ? dechunk(body) : body;
  return `${head.method} ${head.target}${data.length > 0 ? ` ${data.toString("latin1")}` : ""}`;
}

/** Reads piece by piece: nothing is looked at before it has come. */
export class Reader {
  readonly requests: string[] = [];
  end: End = "clean";
  passed = 0;
  readonly upgrades: Upgrade[] = [];
  #bytes: Buffer = Buffer.alloc(0);
  #head: RequestHead | null = null;
  #body: Body | null = null;
  #bodyBytes: Buffer[] = [];

  take(piece: Buffer): void {
    this.#bytes = Buffer.concat([this.#bytes, piece]);
    while (this.#bytes.length > 0 && !this.#isOver) {
      if (!(this.#head === null ? this.#readHead() : this.#readBody(this.#head))) return;
    }
  }

  get #isOver(): boolean {
    return this.end === "closed" || this.end.startsWith("refused");
  }

  get begun(): string | null {
    return this.#head === null ? null : `${this.#head.method} ${this.#head.target}`;
  }

  /** @returns whether it is worth going on */
  #readHead(): boolean {
    const head = readRequestHead(this.#bytes, 0);
    if (head.length === INCOMPLETE) {
      this.end = "waiting in head";
      return false;
    }
    if (head.problem !== null) this.end = `refused ${head.problem.code} in head`;
    else {
      this.#head = head;
      this.#body = requestBody(head);
      this.#bodyBytes = [];
      this.#pass(head.length);
      this.end = "waiting in body";
      if (this.#body.done) this.#complete(head);
    }
    return true;
  }

  #readBody(head: RequestHead): boolean {
    const body = this.#body as Body;
    const end = body.take(this.#bytes, 0);
    if (body.problem !== null) {
      this.end = `refused ${body.problem.code} in body`;
      return true;
    }
    this.#bodyBytes.push(this.#bytes.subarray(0, end));
    this.#pass(end);
    if (body.done) this.#complete(head);
    return body.done;
  }

  #complete(head: RequestHead): void {
    this.requests.push(describe(head, Buffer.concat(this.#bodyBytes)));
    this.end = head.close ? "closed" : "clean";
    if (head.upgrade !== "") this.upgrades.push({ bytes: this.passed, requests: this.requests.length });
    this.#head = null;
  }

  #pass(count: number): void {
    this.passed += count;
    this.#bytes = this.#bytes.subarray(count);
  }
}

/** @param splits positions in ascending order: the bytes come in pieces that end there */
export function readSequence(bytes: Buffer, splits: readonly number[] = []): Sequence {
  const reader = new Reader();
  let from = 0;
  for (const to of [...splits, bytes.length]) {
    reader.take(bytes.subarray(from, to));
    from = to;
  }
  const { requests, end, begun, passed, upgrades } = reader;
  return { requests, end, begun, passed, upgrades };
}

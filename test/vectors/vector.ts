/** The vectors of `data/`: what is sent, and which requests it is, or why it is none. */
import { readdirSync, readFileSync } from "node:fs";

/** A stretch of bytes, Latin-1: itself, or many times. */
type ByteRun = string | { readonly times: number; readonly text: string };

/** The reference parsers: whose names `stricter` may carry. */
export type ReferenceName = "node" | "nginx" | "dockerd";

/** As it stands in a file. */
interface Entry {
  readonly name: string;
  /** RFC numbers and sections. */
  readonly rfc: string;
  /** Where it was seen before. */
  readonly known?: string;
  /** Whole requests, in order: `METHOD target`, and a space and the decoded body if there is one. */
  readonly requests: readonly string[];
  /** What comes behind them; see {@link End}. */
  readonly end: End;
  /** Parsers that refuse the first request with this status, for reasons of their own that have nothing to do with framing. */
  readonly stricter?: Readonly<Partial<Record<ReferenceName, number>>>;
  readonly bytes: readonly ByteRun[];
}

/**
 * - `clean`: nothing, the connection is ready for another request
 * - `waiting in head`, `waiting in body`: the bytes end within a message
 * - `closed`: bytes that are not read, for the last request said `close`
 * - `refused CODE in head`, `refused CODE in body`
 */
export type End = "clean" | "closed" | `waiting in ${Place}` | `refused ${string} in ${Place}`;
export type Place = "head" | "body";

/** One vector, ready to be sent. */
export interface Vector extends Omit<Entry, "bytes"> {
  readonly class: string;
  /** File and name: what a failing test is called. */
  readonly title: string;
  readonly bytes: Buffer;
}

interface VectorFile {
  readonly class: string;
  readonly about: string;
  readonly vectors: readonly Entry[];
}

const DATA = new URL("data/", import.meta.url);

function bytesOf(parts: readonly ByteRun[]): Buffer {
  const texts = parts.map((part) => (typeof part === "string" ? part : part.text.repeat(part.times)));
  return Buffer.from(texts.join(""), "latin1");
}

/** All of them, in the order of their files' names. */
export const VECTORS: readonly Vector[] = readdirSync(DATA)
  .sort()
  .flatMap((name) => {
    const { class: kind, vectors } = JSON.parse(readFileSync(new URL(name, DATA), "utf8")) as VectorFile;
    return vectors.map((entry) => ({
      ...entry,
      class: kind,
      title: `${name.replace(".json", "")}: ${entry.name}`,
      bytes: bytesOf(entry.bytes),
    }));
  });

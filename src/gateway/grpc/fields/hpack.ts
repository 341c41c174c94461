/** Reads header fields of HTTP/2 as they are compressed (HPACK, RFC 7541). */
import { fromHuffman } from "./huffman.ts";

/** The table that both sides know: names only, since no value of it is looked at. */
const STATIC =
  `:authority :method :method :path :path :scheme :scheme :status :status :status :status :status :status :status
accept-charset accept-encoding accept-language accept-ranges accept access-control-allow-origin age allow authorization
cache-control content-disposition content-encoding content-language content-length content-location content-range
content-type cookie date etag expect expires from host if-match if-modified-since if-none-match if-range
if-unmodified-since last-modified link location max-forwards proxy-authenticate proxy-authorization range referer refresh
retry-after server set-cookie strict-transport-security transfer-encoding user-agent vary via www-authenticate`.split(
    /\s/,
  );

/** HTTP/2's default. Engines do not announce another one. */
const MOST_SIZE = 4096;
/** Each entry counts so much besides its texts. */
const ENTRY_SIZE = 32;
const MOST_SHIFT = 28;

/** The bytes are not header fields. */
export class FieldError extends Error {}

interface Entry {
  readonly name: string;
  readonly value: string;
  readonly size: number;
}

type Seen = (name: string, value: string) => void;

export class FieldReader {
  readonly #seen: Seen;
  readonly #again: Seen;
  readonly #mostFields: number;
  /** Newest first. */
  readonly #entries: Entry[] = [];
  #size = 0;
  #most = MOST_SIZE;
  #block: Buffer = Buffer.alloc(0);
  #at = 0;

  /**
   * @param seen gets each field whose value is written out, texts byte by byte
   * @param again gets each field that was written out before: one byte may mean 4 KiB
   * @param mostFields of a block: one field takes 2 bytes, and more work than other bytes
   */
  constructor(seen: Seen, again: Seen = () => {}, mostFields = Number.POSITIVE_INFINITY) {
    this.#seen = seen;
    this.#again = again;
    this.#mostFields = mostFields;
  }

  /** @param block all of it: what is in a HEADERS frame and the CONTINUATION frames behind it @throws FieldError */
  read(block: Buffer): void {
    this.#block = block;
    this.#at = 0;
    for (let count = 0; this.#at < block.length; count += 1) {
      if (count >= this.#mostFields) throw new FieldError("there are too many header fields");
      this.#field();
    }
  }

  #field(): void {
    const first = this.#block[this.#at] ?? 0;
    if (first >= 0x80) this.#known(this.#integer(7));
    else if (first >= 0x40) this.#keep(this.#literal(6));
    else if (first >= 0x20) this.#resize(this.#integer(5));
    else this.#literal(4);
  }

  #known(index: number): void {
    const name = this.#nameOf(index);
    const entry = this.#entries[index - STATIC.length - 1];
    if (entry !== undefined) this.#again(name, entry.value);
  }

  #literal(bits: number): Entry {
    const index = this.#integer(bits);
    const name = index === 0 ? this.#text() : this.#nameOf(index);
    const value = this.#text();
    this.#seen(name, value);
    return { name, value, size: name.length + value.length + ENTRY_SIZE };
  }

  #nameOf(index: number): string {
    const name = index > STATIC.length ? this.#entries[index - STATIC.length - 1]?.name : STATIC[index - 1];
    if (name === undefined) throw new FieldError("a header field refers to one that is not there");
    return name;
  }

  #keep(entry: Entry): void {
    this.#entries.unshift(entry);
    this.#size += entry.size;
    this.#evict();
  }

  #resize(most: number): void {
    if (most > MOST_SIZE) throw new FieldError("the table of header fields is too large");
    this.#most = most;
    this.#evict();
  }

  #evict(): void {
    while (this.#size > this.#most) this.#size -= this.#entries.pop()?.size ?? 0;
  }

  #byte(): number {
    const byte = this.#block[this.#at++];
    if (byte === undefined) throw new FieldError("header fields are cut off");
    return byte;
  }

  #integer(bits: number): number {
    const most = 2 ** bits - 1;
    let value = this.#byte() & most;
    if (value < most) return value;
    for (let shift = 0; shift < MOST_SHIFT; shift += 7) {
      const byte = this.#byte();
      value += (byte & 0x7f) * 2 ** shift;
      if (byte < 0x80) return value;
    }
    throw new FieldError("a number in the header fields is too large");
  }

  #text(): string {
    const isHuffman = (this.#block[this.#at] ?? 0) >= 0x80;
    const length = this.#integer(7);
    const bytes = this.#block.subarray(this.#at, this.#at + length);
    if (bytes.length < length) throw new FieldError("header fields are cut off");
    this.#at += length;
    const text = isHuffman ? fromHuffman(bytes) : bytes;
    if (text === null) throw new FieldError("a header field is not a text");
    return text.toString("latin1");
  }
}

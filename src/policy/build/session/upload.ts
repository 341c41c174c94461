/**
 * The client's part of an upload, as fsutil's sender writes it: a list of files, its end, and the content of those files for which
 * the engine asks. The engine's receiver trusts it: what comes twice, or in another order, can end dockerd.
 */
import { BinaryReader, BinaryWriter, WireType } from "@bufbuild/protobuf/wire";
import { bytes, integer, list, type Message, type Model, message, one } from "../wire.ts";
import { type Content, type SentAnswer, STRANGE } from "./answer.ts";
import { Bits } from "./bits.ts";
import { exactly } from "./exactly.ts";
import { hasContent, isFolder, isHardLink, Owners, refuseFile, refuseKind } from "./files.ts";
import { HardLinks } from "./hard-links.ts";
import { Places } from "./places.ts";
import { Sizes } from "./sizes.ts";
import { hasHashed, latin } from "./xattrs.ts";

/** `fsutil.types.Stat`. Names are bytes: not all are UTF-8. */
const STAT: Model = {
  1: one("path", bytes),
  2: one("mode", integer),
  3: one("uid", integer),
  4: one("gid", integer),
  5: one("size", integer),
  6: one("modTime", integer),
  7: one("linkname", bytes),
  8: one("devmajor", integer),
  9: one("devminor", integer),
  10: list("xattrs", message({ 1: one("key", bytes), 2: one("value", bytes) })),
};
/** `fsutil.types.Packet`: a part of an upload. */
export const PACKET: Model = {
  1: one("type", integer),
  2: one("stat", message(STAT)),
  3: one("id", integer),
  4: one("data", bytes),
};

/** What a packet is, a number of 32 bits in Go. */
const [LISTS, CONTENT, FINISHED, FAILED] = [0, 2, 3, 4];
/** @returns null: it has more bits, of which some readers take the lower ones */
export function uint32(value: unknown): number | null {
  const found = (value as bigint | undefined) ?? 0n;
  return found === BigInt.asUintN(32, found) ? Number(found) : null;
}
const areShort = (...values: readonly unknown[]): boolean => values.every((value) => uint32(value) !== null);
const has = (packet: Message, ...fields: readonly string[]): boolean =>
  fields.some((field) => field in packet);

/** The engine keeps each in memory. */
const MOST_FILES = 4 * 1024 * 1024;
/** The sender has four at once. The engine opens a file for each, and a client must not use up those of the host. */
const MOST_OPEN = 64;

/** @param start of a message @param length of all of it @returns null: the rest of it is something else */
export function contentOf(start: Uint8Array, length: number): Content | null {
  const reader = new BinaryReader(start);
  const head = new BinaryWriter();
  let id = 0n;
  try {
    for (let last = 0; ; ) {
      const [field, wire] = reader.tag();
      if (field <= last || !Object.hasOwn(PACKET, field) || (last === 0 && field !== 1)) return null;
      head.tag(field, wire);
      last = field;
      if (wire === WireType.Varint && field !== 4) {
        const value = BigInt(reader.int64());
        if (field === 1 && value !== BigInt(CONTENT)) return null;
        if (field === 3) id = value;
        head.int64(value);
      } else if (wire !== WireType.LengthDelimited || field !== 4) return null;
      else break;
    }
    const bytesToCome = reader.uint32();
    head.uint32(bytesToCome);
    const isWhole = reader.pos + bytesToCome === length && bytesToCome > 0;
    const short = uint32(id);
    return isWhole && short !== null && Buffer.from(head.finish()).equals(start.subarray(0, reader.pos))
      ? { id: short, bytes: bytesToCome }
      : null;
  } catch {
    return null;
  }
}

/**
 * The engine's digest of a file has its size, its attributes and its content one after the other, without what ends each. With the
 * beginning of the content in an attribute and the rest as content, a file would have the digest of another client's file.
 */
const CHANGED = "a file changed while the build sent it; build again";

/** What is kept with a path: where a link leads, and attributes. */
function bytesOf(stat: Message): number {
  const attributes = (stat["xattrs"] ?? []) as readonly Message[];
  const parts = attributes.flatMap(({ key, value }) => [key, value]);
  return [stat["linkname"], ...parts].reduce((sum: number, part) => sum + latin(part).length, 0);
}

export class Upload implements SentAnswer {
  /** Of all that is listed, also what has no content: IDs are places in the list. */
  #count = 0;
  readonly #withContent = new Bits();
  readonly #ended = new Bits();
  readonly #open = new Set<number>();
  readonly #owners = new Owners();
  readonly #places = new Places();
  /** Of files whose attributes the engine hashes together with the content. */
  readonly #sizes = new Sizes();
  readonly #links = new HardLinks();
  #isListed = false;
  #hasFailed = false;
  #isFinished = false;

  get held(): number {
    const parts = [this.#withContent, this.#ended, this.#sizes, this.#places, this.#links];
    return parts.reduce((sum, { bytes: held }) => sum + held, 0);
  }

  contentOf(start: Uint8Array, length: number): Content | null {
    return contentOf(start, length);
  }

  refusesContent({ id, bytes: count }: Content): string | null {
    if (this.#isFinished) return "the session sends files after their end";
    if (!this.#withContent.has(id)) return "the session sends the content of a file that it has not listed";
    if (this.#ended.has(id)) return "the session sends a file again";
    this.#open.add(id);
    if (!this.#sizes.takes(id, count)) return CHANGED;
    return this.#open.size > MOST_OPEN ? "the session sends too many files at once" : null;
  }

  refuses(sent: Uint8Array): string | null {
    const packet = exactly(sent, PACKET);
    if (packet === null) return STRANGE;
    if (this.#isFinished) return "the session sends files after their end";
    const type = uint32(packet["type"]);
    if (type === LISTS && !has(packet, "id", "data"))
      return this.#lists(packet["stat"] as Message | undefined);
    if (has(packet, "stat")) return STRANGE;
    const id = uint32(packet["id"]);
    if (type === CONTENT && id !== null)
      return this.#content(id, (packet["data"] as Uint8Array | undefined)?.length ?? 0);
    if (type === FAILED && !has(packet, "id")) return this.#fails();
    return type === FINISHED && !has(packet, "id", "data") ? this.#finishes() : STRANGE;
  }

  /**
   * The receiver returns what this packet says. A status would cancel its other work first, and often docker would print only
   * `context canceled`.
   */
  failure(why: string): Uint8Array {
    const packet = new BinaryWriter().tag(1, WireType.Varint).uint32(FAILED);
    return packet.tag(4, WireType.LengthDelimited).bytes(Buffer.from(why)).finish();
  }

  /** It answers the engine, which says first that it has all files. */
  #finishes(): string | null {
    this.#isFinished = true;
    return this.#isListed && this.#open.size === 0 ? null : "the session ends an upload before its end";
  }

  /** A folder that cannot be read ends the list. Content that is on its way may follow. */
  #fails(): string | null {
    if (this.#isListed || this.#hasFailed) return STRANGE;
    this.#hasFailed = true;
    return null;
  }

  #content(id: number, count: number): string | null {
    const why = this.refusesContent({ id, bytes: count });
    if (why !== null || count > 0) return why;
    if (!this.#sizes.isWhole(id)) return CHANGED;
    this.#open.delete(id);
    this.#ended.add(id);
    return null;
  }

  #lists(stat: Message | undefined): string | null {
    if (this.#isListed || this.#hasFailed) return "the session lists files after the end of their list";
    if (stat === undefined) {
      this.#isListed = true;
      return null;
    }
    if (this.#count >= MOST_FILES) return "the build's files are too many";
    if (!areShort(stat["mode"], stat["uid"], stat["gid"])) return STRANGE;
    const path = latin(stat["path"]);
    if (hasContent(stat)) {
      this.#withContent.add(this.#count);
      if (hasHashed(stat)) this.#sizes.set(this.#count, Number(stat["size"] ?? 0n));
      this.#links.lists(path, stat);
    }
    this.#count += 1;
    return (
      refuseFile(stat) ??
      refuseKind(stat) ??
      this.#owners.refuses(stat) ??
      (isHardLink(stat) ? this.#links.refuses(stat) : null) ??
      this.#places.refuses(path, isFolder(stat), bytesOf(stat))
    );
  }
}

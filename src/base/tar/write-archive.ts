/** Writes a tar archive in POSIX' format. */
import { BLOCK, type Header, writeHeader } from "./header.ts";

export interface Entry {
  readonly path: string;
  readonly type: "file" | "folder" | "symlink" | "hard link";
  readonly mode: number;
  /** Seconds since the epoch. */
  readonly time: number;
  /** Of a link. */
  readonly target: string;
  readonly data: Buffer;
}

const TYPES: Readonly<Record<Entry["type"], string>> = {
  ...{ file: "0", "hard link": "1", symlink: "2", folder: "5" },
};

/** What a field of the header holds. */
const isShort = (text: string): boolean => /^[\x20-\x7e]{0,99}$/.test(text);

const padded = (data: Buffer): Buffer[] => [data, Buffer.alloc((BLOCK - (data.length % BLOCK)) % BLOCK)];

/** `LENGTH KEY=VALUE\n`, where the length counts its own digits. */
function record(key: string, value: string): string {
  const rest = Buffer.byteLength(` ${key}=${value}\n`);
  const digits = (length: number): number => String(length).length;
  const length = rest + digits(rest + digits(rest));
  return `${length} ${key}=${value}\n`;
}

function* blocksOf({ path, type, mode, time, target, data }: Entry): Generator<Buffer> {
  const name = type === "folder" ? `${path}/` : path;
  const head: Omit<Header, "name" | "link" | "type" | "size"> = { mode, time };
  const long = [
    isShort(name) ? "" : record("path", name),
    isShort(target) ? "" : record("linkpath", target),
  ].join("");
  if (long !== "") {
    const pax = Buffer.from(long);
    const more = { name: Buffer.from("pax"), link: Buffer.alloc(0), type: "x", size: pax.length };
    yield writeHeader({ ...head, ...more });
    yield* padded(pax);
  }
  yield writeHeader({
    ...head,
    ...{ name: Buffer.from(isShort(name) ? name : "long"), type: TYPES[type] },
    ...{ link: Buffer.from(isShort(target) ? target : "long"), size: data.length },
  });
  yield* padded(data);
}

export function writeArchive(entries: Iterable<Entry>): Buffer {
  const blocks = [...entries].flatMap((entry) => [...blocksOf(entry)]);
  return Buffer.concat([...blocks, Buffer.alloc(2 * BLOCK)]);
}

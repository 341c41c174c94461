/** Pax headers in the archive of a build's files: what is read of them, and what is refused. */
import { expect, test } from "vitest";
import { tar } from "../../base/index.ts";
import { type Entry, readArchive } from "./archive.ts";

const FILE: Entry = { path: "x", type: "file", mode: 0o644, time: 0, target: "", data: Buffer.from("data") };

/** An archive of one file that has a pax header with this text. */
function withPax(text: string): Buffer {
  const pax = { name: Buffer.from("pax"), link: Buffer.alloc(0), type: "x", mode: 0, time: 0 };
  const header = tar.writeHeader({ ...pax, size: text.length });
  return Buffer.concat([header, Buffer.from(text.padEnd(tar.BLOCK, "\0")), tar.writeArchive([FILE])]);
}

test.each([
  ["11 mtime=1\n", "x"],
  ["9 path=y\n", "y"],
  ["9 path=y\n11 mtime=1\n", "y"],
])("%j", (text, path) => {
  expect([...readArchive(withPax(text)).values()]).toEqual([{ ...FILE, path }]);
});

test.each([
  ["11 size=10\n", "sparse files are not allowed"],
  ["22 GNU.sparse.major=1\n", "sparse files are not allowed"],
  ["99 comment=\n", "a pax header is damaged"],
  ["9 path=xyz\n", "a pax header is damaged"],
  ["path=y\n", "a pax header is damaged"],
  ["0 path=y\n", "a pax header is damaged"],
  ["12 path=\0yz\n", "a name is not UTF-8"],
])("%j is refused", (text, why) => {
  expect(() => readArchive(withPax(text))).toThrow(why);
});

import { expect, test } from "vitest";
import { tar } from "../../../test/support/tar.ts";
import { isPlainTar } from "./tar.ts";

const plain = Buffer.from(tar({ "a.txt": "hello" }), "latin1");

function changed(at: number, bytes: string): Buffer {
  const copy = Buffer.from(plain);
  copy.write(bytes, at, "latin1");
  return copy;
}

test.each([
  ["with a file", plain],
  ["with a folder", Buffer.from(tar({ "a/": "" }), "latin1")],
  ["that is empty", Buffer.alloc(1024)],
])("a plain tar %s", (_what, bytes) => {
  expect(isPlainTar(bytes)).toBe(true);
});

test.each([
  ["nothing", Buffer.alloc(0)],
  ["less than a block", plain.subarray(0, 511)],
  ["gzip", Buffer.concat([Buffer.from("1f8b08", "hex"), Buffer.alloc(1024)])],
  ["a file whose name an engine takes for bzip2", Buffer.from(tar({ BZhidden: "" }), "latin1")],
  ["a file whose name an engine takes for zstd", Buffer.from(tar({ "P*M\x18": "" }), "latin1")],
  ["xz", Buffer.concat([Buffer.from("fd377a585a00", "hex"), plain])],
  ["zstd", Buffer.concat([Buffer.from("28b52ffd", "hex"), plain])],
  ["another magic", changed(257, "USTAR")],
  ["a wrong sum", changed(0, "b")],
  ["JSON", Buffer.from(JSON.stringify({ a: "b".repeat(600) }))],
])("not a plain tar: %s", (_what, bytes) => {
  expect(isPlainTar(bytes)).toBe(false);
});

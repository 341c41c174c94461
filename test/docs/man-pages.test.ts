/** What mandoc would find too long, found without it: test/release asks mandoc itself. */
import { expect, test } from "vitest";
import { manPages } from "../../tools/man-pages.ts";

/** Bytes of a line of text. The lines of a paragraph are broken; its tag, such as the first cell of a table's row, is not. */
const MOST = 80;

test.for([...(await manPages("1.2.3", new Date(0)))])("%s: each tag fits on a line", ([, text]) => {
  const tags = [...text.matchAll(/^\.TP\n(.*)$/gm)].map(([, tag = ""]) => tag);
  expect(tags.filter((tag) => Buffer.byteLength(tag) > MOST)).toEqual([]);
});

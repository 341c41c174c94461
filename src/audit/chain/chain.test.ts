import { expect, test } from "vitest";
import { formatHeader, GENESIS, parseHeader } from "./chain.ts";

test("a header is read as it was written, with any clock", () => {
  const header = { file: 3, follows: GENESIS, oldest: 1, begun: 1_795_542_395_098.3772 };
  expect(parseHeader(formatHeader(header).trimEnd())).toEqual({ ...header, begun: 1_795_542_395_099 });
});

import { expect, test } from "vitest";
import { fieldValues } from "./request-line.ts";

const head = (...lines: string[]) =>
  Buffer.from(`POST / HTTP/1.1\r\n${lines.join("\r\n")}\r\n\r\n`, "latin1");

test("a field's values, once for each time that it appears, without the spaces around them", () => {
  expect(fieldValues(head("A: 1", "X-B:  2 ", "a:3", "AB: 4"), "A")).toEqual(["1", "3"]);
});

test("a no-break space stays: Go does not remove it", () => {
  expect(fieldValues(head("Content-Type: application/json\xa0"), "content-type")).toEqual([
    "application/json\xa0",
  ]);
});

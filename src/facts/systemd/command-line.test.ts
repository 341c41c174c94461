import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { joinCommand, parseEnvironmentFile, splitCommand, splitEnvironment } from "./command-line.ts";

const values = (raw: string) => splitCommand(raw).map((word) => word.value);

describe("splitCommand()", () => {
  test("splits at white space and removes quotes", () => {
    expect(values(`/usr/bin/dockerd -H fd:// --label "a b" 'c d' e\\ f`)).toEqual([
      "/usr/bin/dockerd",
      "-H",
      "fd://",
      "--label",
      "a b",
      "c d",
      "e f",
    ]);
  });
  test("accepts quotes in the middle of a word", () => {
    expect(values(`--label="a b"c`)).toEqual(["--label=a bc"]);
  });
  test("keeps the raw text of every word", () => {
    fc.assert(
      fc.property(fc.array(fc.stringMatching(/^[a-z$%{}=:/."'\\-]{1,8}$/)), (words) => {
        const split = splitCommand(words.join(" "));
        expect(splitCommand(joinCommand(split))).toEqual(split);
      }),
    );
  });
});

describe("splitEnvironment()", () => {
  test("reads several assignments, quoted or not", () => {
    expect([...splitEnvironment(`A=1 "DOCKER_OPTS=-H tcp://x -D" B=`)]).toEqual([
      ["A", "1"],
      ["DOCKER_OPTS", "-H tcp://x -D"],
      ["B", ""],
    ]);
  });
});

describe("parseEnvironmentFile()", () => {
  test("skips comments and removes quotes; the last assignment applies", () => {
    const text = `# DOCKER_OPTS="--no"\nDOCKER_OPTS="--dns 8.8.8.8"\n;x\nDOCKER_OPTS='-D'\n`;
    expect([...parseEnvironmentFile(text)]).toEqual([["DOCKER_OPTS", "-D"]]);
  });
});

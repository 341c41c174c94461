import { describe, expect, test } from "vitest";
import { cpuMs } from "../../../test/support/cpu-ms.ts";
import { readExecStart } from "./exec-start.ts";

function read(exec: string, environment = "", file = "") {
  const text = `[Service]\nExecStart=${exec}\n${environment && `Environment=${environment}\n`}`;
  return readExecStart({ units: [{ path: "/u", text }], environmentFiles: [{ text: file }] });
}

type Given = Parameters<typeof read>;
const argv = (...given: Given) => {
  const found = read(...given);
  return found.ok ? found.command.argv : null;
};

describe("readExecStart() expands as systemd does", () => {
  test.each([
    ["$X alone is split at blanks, quotes respected", ["/d $X", `'X=-a "b c"'`], ["/d", "-a", "b c"]],
    [`\${X} is one word`, [`/d \${X}`, "'X=-a b'"], ["/d", "-a b"]],
    [`\${X} in a word`, [`/d a\${X}b\${X}`, "X=1"], ["/d", "a1b1"]],
    ["$X in a word stays", ["/d a$X", "X=1"], ["/d", "a$X"]],
    ["a word that begins with $ is a name to its end", ["/d $X/b c", "X=1"], ["/d", "c"]],
    ["$$ is a dollar sign", ["/d $$X a$$"], ["/d", "$X", "a$"]],
    ["values are not expanded again", [`/d \${X}`, `'X=$\${Y} %%n' Y=2`], ["/d", `$\${Y} %n`]],
    ["specifiers in Environment=", [`/d \${X}`, "X=%t/d"], ["/d", "/run/d"]],
    ["none in a file", [`/d \${X}`, "", "X=%t/d\n"], ["/d", "%t/d"]],
    ["the prefix : stops variables, not specifiers", [":/d $X %N", "X=1"], ["/d", "$X", "docker"]],
    ["the prefix @ names the program", ["@/usr/bin/d d -H"], ["d", "-H"]],
  ] as [string, Given, string[]][])("%s", (_, given, expected) => expect(argv(...given)).toEqual(expected));
});

describe("a line that is too long for Linux to start is ignored", () => {
  const value = "x".repeat(32 * 1024);
  test.each([
    ["one word", ["/d ".concat(`\${X}`.repeat(8)), `X=${value}`]],
    ["all words", ["/d ".concat(`\${X} `.repeat(100)), `X=${value}`]],
    ["many words", [`/d ${"$X ".repeat(100)}`, "'X=".concat("a ".repeat(100), "'")]],
  ] as [string, Given][])("%s", (_, given) => expect(argv(...given)).toBeNull());

  test("and is recognised in one pass", () => {
    const began = cpuMs();
    const long = "x".repeat(1024 * 1024);
    expect(argv("/d a".concat(`\${X}`.repeat(20_000)), "", `X=${long}\n`)).toBeNull();
    // Only blanks: the variable expands to no words.
    expect(argv("/d ".concat("$X ".repeat(20_000)), "", 'X="'.concat(" ".repeat(500_000), '"\n'))).toEqual([
      "/d",
    ]);
    expect(cpuMs() - began).toBeLessThan(2_000);
  });
});

/** Compares text only. test/cli/shells.test.ts shows that real shells read it back correctly. */
import { describe, expect, test } from "vitest";
import { evalCommand, formatForShell, guessShell, SHELLS } from "./shell-syntax.ts";

const set = (value: string) => ({ set: { A: value }, unset: ["B"] });

describe("formatForShell()", () => {
  test.each([
    ["sh", "export A='it'\\''s $x'\nunset B\n"],
    ["fish", "set -gx A 'it\\'s $x';\nset -e B;\n"],
    ["powershell", "$Env:A = 'it''s $x'\nRemove-Item Env:\\B -ErrorAction SilentlyContinue\n"],
    ["cmd", 'SET "A=it\'s $x"\nSET "B="\n'],
  ] as const)("%s", (shell, expected) => {
    expect(formatForShell(shell, set("it's $x"))).toBe(expected);
  });

  test("PowerShell: typographic quotes end a string too, so they are doubled", () => {
    expect(formatForShell("powershell", { set: { A: "a\u2019b" }, unset: [] })).toBe(
      "$Env:A = 'a\u2019\u2019b'\n",
    );
  });

  test.each(SHELLS)("%s: refuses a line break", (shell) => {
    expect(() => formatForShell(shell, set("a\nb"))).toThrow(
      expect.objectContaining({ code: "SHELL_UNQUOTABLE" }),
    );
  });

  test.each(['a"b', "100%", "a!b", "a^b"])("cmd: refuses %s", (value) => {
    expect(() => formatForShell("cmd", set(value))).toThrow(
      expect.objectContaining({ code: "SHELL_UNQUOTABLE" }),
    );
  });
});

describe("guessShell()", () => {
  test.each([
    ["/bin/bash", "linux", "bash"],
    ["/usr/bin/zsh", "darwin", "zsh"],
    ["/usr/bin/fish", "linux", "fish"],
    ["/bin/dash", "linux", "sh"],
    ["/opt/microsoft/powershell/7/pwsh", "linux", "powershell"],
    ["C:\\Program Files\\Git\\usr\\bin\\bash.exe", "win32", "bash"],
    [undefined, "linux", "sh"],
    ["", "linux", "sh"],
    [undefined, "win32", "powershell"],
  ])("%s on %s → %s", (path, platform, expected) => {
    expect(guessShell(path, platform)).toBe(expected);
  });

  test.each(["/bin/tcsh", "/usr/bin/nu", "/bin/false"])("does not guess for %s", (path) => {
    expect(() => guessShell(path, "linux")).toThrow(expect.objectContaining({ code: "SHELL_UNKNOWN" }));
  });
});

test("evalCommand()", () => {
  expect(evalCommand("bash", "tetherdock env")).toBe('eval "$(tetherdock env)"');
  expect(evalCommand("fish", "tetherdock env")).toBe("tetherdock env | source");
});

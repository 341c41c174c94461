/** Every hint in the sources is typed or done as it stands: none asks the user a question. */
import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";

const src = join(import.meta.dirname, "../../src");
const STRING = /"(?:[^"\\\n]|\\.)*"|`(?:[^`\\]|\\.)*`/g;

/** The text between a bracket and its partner. Brackets in strings come in pairs where this is used. */
function bracketed(text: string, from: number): string {
  let depth = 0;
  for (let at = from; at < text.length; at++) {
    if (text[at] === "[") depth++;
    if (text[at] === "]" && --depth === 0) return text.slice(from, at);
  }
  return "";
}

/** Literals in `hints: […]`, with what is interpolated left out. */
const hints = globSync("**/*.ts", { cwd: src })
  .filter((file) => !file.endsWith(".test.ts"))
  .flatMap((file) => {
    const text = readFileSync(join(src, file), "utf8");
    const places = [...text.matchAll(/\bhints(?::| =)\s*(?=\[)/g)];
    return places.flatMap(({ index, 0: found }) =>
      // A command may end in a remark for the reader.
      (bracketed(text, index + found.length).match(STRING) ?? []).map((hint) => ({
        file,
        hint: hint.slice(1, -1).replace(/ {2,}# .*$/, ""),
      })),
    );
  });

test("the search finds the hints", () => {
  expect(hints.length).toBeGreaterThan(150);
  expect(hints.map(({ hint }) => hint)).toContain("tetherdock ls");
});

test.each([
  ["a question", /\?$/],
  ["the beginning of a question", /^(is|are|does|do(?! not)|did|has|have|can|was|were|which|what|who|why) /],
  ["a sentence that waits for another hint", /:$/],
])("no hint is %s", (_what, pattern) => {
  expect(hints.filter(({ hint }) => pattern.test(hint))).toEqual([]);
});

const COMMANDS =
  "apt apt-get chmod command date df docker export fuser getent journalctl kill ls lslocks man openssl rm sh ss ssh ssh-add ssh-keygen systemctl tetherdock timedatectl";
/** Prose tells the user what to do: it begins with a verb. "or" and "then" continue the hint before. */
const PROSE =
  "ask choose copy correct do echo fix give install let make name or rename restore run set take then use wait write";

test("every hint begins with a command, or as an instruction", () => {
  const known = new Set(`${COMMANDS} ${PROSE}`.split(" "));
  // A literal of one word is a part of a command; one that begins with an expression is a command by another function.
  const whole = hints.filter(({ hint }) => /^[a-z]\S* /.test(hint));
  expect(whole.length).toBeGreaterThan(100);
  expect(whole.filter(({ hint }) => !known.has(hint.split(" ")[0] ?? ""))).toEqual([]);
});

test("a path in a hint's command is quoted for the shell", () => {
  // Names of lines and fleets need no quotes; a folder may have spaces.
  const commands = hints.filter(({ hint }) => COMMANDS.split(" ").includes(hint.split(" ")[0] ?? ""));
  expect(commands.filter(({ hint }) => /\$\{(?:path|file|folder|directory|place)\}/.test(hint))).toEqual([]);
});

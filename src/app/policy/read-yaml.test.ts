/** Role files as people write them: every problem, with its place. */
import { expect, test } from "vitest";
import { failureOf } from "../../../test/support/app/change.ts";
import { readOwnRole } from "../../policy/index.ts";
import { checkFiles, sourceOf } from "./check-files.ts";
import { readYaml } from "./read-yaml.ts";

const GOOD = `# the web team
version: 1
name: web-team
extends: deployer
operations:
  deny: [ContainerExec, Image*]
limits:
  images:
    allow:
      - ghcr.io/team/*
`;

function problems(text: string): readonly string[] {
  const read = readYaml(text, readOwnRole);
  return "problems" in read
    ? read.problems.map(({ line, column, text: what }) => `${line}:${column} ${what}`)
    : [];
}

test("a role file is read as what it says", () => {
  const read = readYaml(GOOD, readOwnRole);
  expect("value" in read && sourceOf(read.value)).toEqual({
    ...{ version: 1, name: "web-team", extends: "deployer" },
    operations: { deny: ["ContainerExec", "Image*"] },
    limits: { images: { allow: ["ghcr.io/team/*"] } },
  });
});

test("all problems at once, with line and column", () => {
  const bad = GOOD.replace("deployer", "deploier")
    .replace("Image*", "Imgae*")
    .replace("images:", "imags:")
    .replace("1", "2");
  expect(problems(bad)).toEqual([
    "2:1 version must be 1; 2 needs a newer tetherdock",
    expect.stringMatching(/^4:1 extends must be "/),
    expect.stringMatching(/^6:25 operations\.deny\[1\] \(Imgae\*\) matches no operation/),
    expect.stringMatching(/^8:3 limits\.imags is not known; known are /),
  ]);
  expect(problems(GOOD.replace("Image*", "Imgae*"))).toEqual([
    expect.stringMatching(/^6:25 operations\.deny\[1\] \(Imgae\*\) matches no operation/),
  ]);
  expect(problems("version: 1\n")).toEqual(["1:1 name is missing", "1:1 extends is missing"]);
  expect(problems(GOOD.replace("allow:", "allowed:"))).toEqual([
    "8:3 limits.images.allow is missing",
    expect.stringMatching(/^9:5 limits\.images\.allowed is not known/),
  ]);
});

test("at most 64 KiB are read, and at most 50 problems told, in the order of the file", () => {
  const padded = (length: number) => `${GOOD}#${"x".repeat(length - GOOD.length - 1)}`;
  expect(problems(padded(64 * 1024))).toEqual([]);
  expect(problems(padded(64 * 1024 + 1))).toEqual([
    expect.stringMatching(/^1:1 it is longer than 65536 characters$/),
  ]);
  const unknown = (count: number) => Array.from({ length: count }, (_, at) => `x${at}: 1\n`).join("");
  expect(problems(GOOD + unknown(49))).toHaveLength(49);
  expect(problems(GOOD + unknown(60))).toHaveLength(50);
  expect(problems("{version: 2, name: 7, extends: 8}").map((one) => one.replace(/ .*/, ""))).toEqual([
    ...["1:2", "1:14", "1:23"],
  ]);
});

test.each([
  ["no YAML", "a: [", /^\d+:\d+ /],
  ["a key twice", `${GOOD}name: x\n`, /^11:1 Map keys must be unique/],
  [
    "an alias",
    `${GOOD.replace("[ContainerExec, Image*]", "&a [Image*]")}description: *a\n`,
    /aliases are not supported/,
  ],
  ["a tag", GOOD.replace("web-team", "!!binary aGk="), /tag/i],
  ["a key that is no string", `${GOOD}1: x\n`, /a key must be a string/],
  ["two documents", `${GOOD}---\n${GOOD}`, /^11:1 a second document begins; make a file of it$/],
  ["nothing", "", /^1:1 it is empty$/],
  ["something deep", "[".repeat(20_000), /nested too deeply|^\d+:\d+ /],
  ["something long", "a".repeat(300_000), /longer than/],
  ["__proto__", `${GOOD}__proto__: {name: x}\n`, /__proto__ is not known/],
])("%s is refused", (_what, text, problem) => {
  expect(problems(text).join("\n")).toMatch(problem);
});

test("the problems of all files are reported together; a role in two files is one of them", async () => {
  const files: Record<string, string> = { "a.yaml": GOOD, "b.yaml": GOOD, "c.yaml": "version: 1\n" };
  const ports = { readText: async (path: string) => files[path] ?? "" };
  expect(await failureOf(checkFiles(ports, Object.keys(files)))).toMatchObject({
    code: "ROLE_FILE_BROKEN",
    message: "2 files have 3 problems",
    why: [
      "c.yaml:1:1: name is missing",
      "c.yaml:1:1: extends is missing",
      "b.yaml:1:1: the role web-team is also in a.yaml",
    ],
    hints: ["tetherdock policy check c.yaml b.yaml"],
    details: { problems: [{ file: "c.yaml", line: 1 }, {}, {}] },
  });
  expect(await checkFiles(ports, ["a.yaml"])).toMatchObject([
    { path: "a.yaml", own: { role: { name: "web-team" } } },
  ]);
});

/** Whatever is in the file; complains about these places. */
function read(text: string, ...places: readonly string[]) {
  const found = readYaml<unknown>(text, (value, _at, complain) => {
    for (const place of places) complain(place, "is wrong");
    return value;
  });
  return "value" in found
    ? found.value
    : found.problems.map((one) => `${one.line}:${one.column} ${one.text}`);
}

test("a value that is missing is null", () => {
  expect(read("{a}")).toEqual({ a: null });
  expect(read("a:\nb: ~\n")).toEqual({ a: null, b: null });
});

test("at most 100 levels are read, however many there are", () => {
  const nested = (levels: number, open: string, close: string) => open.repeat(levels) + close.repeat(levels);
  for (const [open, close, most, column] of [
    ["[", "]", 101, 102],
    ["{a: ", "}", 100, 405],
  ] as const) {
    const value = read(nested(most, open, close));
    expect(JSON.stringify(value)).toBe(
      nested(most, open.replace("a: ", '"a":'), close).replace(":}", ":null}"),
    );
    expect(read(nested(most + 1, open, close))).toEqual([`1:${column} it is nested too deeply`]);
    expect(read(nested(10_000, open, close))).toContainEqual(
      expect.stringMatching(/ it is nested too deeply$/),
    );
  }
});

test("a file that is no YAML: only that is a problem, in the parser's words", () => {
  const text = "x: &x 1\nc: *x\na:\n\t- b\n";
  expect(read(text)).toEqual(["4:1 Tabs are not allowed as indentation"]);
  const long = "k".repeat(1025);
  expect(read(`${long}: 1\n`)).toEqual([expect.stringMatching(/^1:1 .* 1024 /)]);
  expect(read("%YAML 1.1\n---\na: yes\n"), "only true and false are flags").toEqual({ a: "yes" });
});

test("a problem of a place that is missing is told where it would be", () => {
  const text = "a:\n  - x\nb:\n  c:\n    d: 1\n";
  expect(read(text, "a[10]", "b.c.e.f", "b.g", "h")).toEqual([
    "1:1 a[10] is wrong",
    "1:1 h is wrong",
    "3:1 b.g is wrong",
    "4:3 b.c.e.f is wrong",
  ]);
  expect(read(`z: 1\n${text}`, "a[10]")).toEqual(["2:1 a[10] is wrong"]);
});

test("problems on one line are told from left to right", () => {
  expect(read("{x: 1, y: 2, z: 3}", "z", "x", "y")).toEqual([
    "1:2 x is wrong",
    "1:8 y is wrong",
    "1:14 z is wrong",
  ]);
});

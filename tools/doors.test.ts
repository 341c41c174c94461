import { globSync, readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { checkDoors } from "./doors.ts";

const root = new URL("../src/", import.meta.url).pathname;
const sources = globSync("**/*.ts", { cwd: root }).map((path) => ({
  path,
  text: readFileSync(root + path, "utf8"),
}));
const withFile = (text: string) => checkDoors([...sources, { path: "cli/new.ts", text }]);

describe("checkDoors()", () => {
  test.each([
    ["const value = JSON.parse(text);", "JSON.parse"],
    ['const value = JSON["parse"](text);', "JSON.parse"],
    ["const { parse } = JSON;", "JSON.parse"],
    ["process.stdout.write(text);", "the process's output"],
    ['process["stderr"].write(text);', "the process's output"],
    ['writeFileSync("/dev/stderr", text);', "the process's output"],
    ["console.error(text);", "the process's output"],
    ["this.stdout.data(text);", "output as it is"],
    ["context.stderr.page(text);", "a page of output"],
    ["const why = [stderr.raw];", "foreign text"],
    ['import { text } from "node:stream/consumers";', "reading to the end"],
  ])("reports %j", (text, what) => {
    expect(withFile(text)).toEqual([expect.stringMatching(new RegExp(`^cli/new.ts: ${what}`))]);
  });

  test("accepts a mention", () => {
    expect(withFile("// JSON.parse and process.stdout\n/* console.log */ this.stdout.line(text);")).toEqual(
      [],
    );
  });

  test("reports an exception that nobody needs", () => {
    const others = sources.filter(({ path }) => path !== "cli/main.ts");
    expect(checkDoors(others)).toEqual([expect.stringMatching(/^cli\/main.ts: .* not used/)]);
  });
});

import { existsSync } from "node:fs";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { type OperationRow, SPECIFIED } from "../src/engine/operations/rows.ts";
import { deriveRows, differences, readEngineSpec } from "./engine-spec.ts";

/** Our own specification, in the form of Docker's. */
function yaml(version: string, calls: readonly string[]): string {
  const paths = calls.flatMap((call) => {
    const [name, method = "", path] = call.split(" ");
    return [
      `  ${path}:`,
      `    ${method}:`,
      '      summary: "get: /not/a/path:"',
      `      operationId: "${name}"`,
    ];
  });
  return [
    "info:",
    `  version: "${version}"`,
    "definitions:",
    "  get:",
    "paths:",
    ...paths,
    "tags:",
    "  /x:",
  ].join("\n");
}

const old = readEngineSpec(yaml("1.30", ["ThingGet get /things/{id}", "ThingDrop delete /things/{id}"]));
const recent = readEngineSpec(
  yaml("1.40", ["ThingInspect get /things/{id}", "ThingDrop delete /things/{id}", "ThingAdd post /things"]),
);
const inspect: OperationRow = ["ThingInspect", "GET", "/things/{id}", "1.24"];
const drop: OperationRow = ["ThingDrop", "DELETE", "/things/{id}", "1.30"];
const add: OperationRow = ["ThingAdd", "POST", "/things", "1.35"];
const table = [inspect, drop, add];

describe("readEngineSpec()", () => {
  test("reads operations of paths, and nothing else", () => {
    expect(old).toEqual({
      version: "1.30",
      operations: [
        { name: "ThingGet", method: "GET", path: "/things/{id}" },
        { name: "ThingDrop", method: "DELETE", path: "/things/{id}" },
      ],
    });
  });

  test.each(["", "paths:", 'info:\n  version: "1.30"'])(
    "refuses text that is not a specification: %j",
    (text) => {
      expect(() => readEngineSpec(text)).toThrow("no specification");
    },
  );

  test("refuses an operation without a name", () => {
    const text = 'info:\n  version: "1.30"\npaths:\n  /a:\n    get:\n    post:\n      operationId: "B"\n';
    expect(() => readEngineSpec(text)).toThrow("1.30: GET /a has no operationId");
  });
});

describe("deriveRows()", () => {
  test("uses the newest names; keeps a first version between two", () => {
    expect(deriveRows([recent, old], table)).toEqual(table.map((row) => JSON.stringify(row)));
  });

  test("without a table, or with a wrong one: uses the first version seen", () => {
    const seen = ['["ThingInspect","GET","/things/{id}","1.30"]', '["ThingAdd","POST","/things","1.40"]'];
    expect(deriveRows([recent, old], [])).toEqual(expect.arrayContaining(seen));
    expect(deriveRows([recent, old], [["ThingAdd", "POST", "/things", "1.30"]])).toContain(seen[1]);
  });
});

describe("differences()", () => {
  test("finds none between equal tables", () => {
    expect(differences([old, recent], table)).toEqual([]);
  });

  test.each<[string, OperationRow[]]>([
    ["1.40: POST /things is not in the table", [inspect, drop]],
    [
      "1.40: GET /other is not there, and the table has it since 1.35",
      [...table, ["Other", "GET", "/other", "1.35"]],
    ],
    [
      "1.30: DELETE /things/{id} is there, not only since 1.31",
      [inspect, ["ThingDrop", "DELETE", "/things/{id}", "1.31"], add],
    ],
    [
      "GET /things/{id} is called ThingInspect, in the table ThingGet",
      [["ThingGet", "GET", "/things/{id}", "1.24"], drop, add],
    ],
  ])("%s", (expected, wrong) => {
    expect(differences([recent, old], wrong)).toEqual([expected]);
  });
});

/** Docker's specifications, on machines that have them beside the repository. */
const folder = join(import.meta.dirname, "../../shared/engine-api");

test.skipIf(!existsSync(folder))("the table equals the specifications", async () => {
  const names = (await readdir(folder)).filter((name) => name.endsWith(".yaml"));
  const texts = await Promise.all(names.map((name) => readFile(join(folder, name), "utf8")));
  expect(names.length).toBeGreaterThan(1);
  expect(differences(texts.map(readEngineSpec), SPECIFIED)).toEqual([]);
});

import { describe, expect, test } from "vitest";
import { checkLayers } from "./layers.ts";

const check = (path: string, text: string) => checkLayers([{ path, text }]);

describe("checkLayers()", () => {
  test("allows a listed import", () => {
    expect(check("pki/ca.ts", 'import { x } from "../base/index.ts";')).toEqual([]);
  });
  test("refuses an import that is not listed", () => {
    expect(check("base/a.ts", 'import { x } from "../pki/index.ts";')).toHaveLength(1);
    expect(check("base/a.ts", 'import type {\n  X,\n} from "../pki/index.ts";')).toHaveLength(1);
    expect(check("base/a.ts", 'const x = await import("../cli/main.ts");')).toHaveLength(1);
  });
  test("refuses an import past a folder's index", () => {
    expect(check("pki/ca.ts", 'export { x } from "../base/error.ts";')).toHaveLength(1);
  });
  test("a use case is imported through its own index", () => {
    expect(check("cli/a.ts", 'import { x } from "../app/up/index.ts";')).toEqual([]);
    expect(check("cli/a.ts", 'import { x } from "../app/up/judge-proof.ts";')).toHaveLength(1);
  });
  test("a use case imports neither system nor cli", () => {
    expect(check("app/up/a.ts", 'import { x } from "../../system/prober.ts";')).toHaveLength(1);
    expect(check("app/up/a.ts", 'import { x } from "../../cli/context.ts";')).toHaveLength(1);
    expect(check("app/up/a.ts", "const now = Date.now();")).toHaveLength(1);
  });
  test("refuses effects in a pure folder", () => {
    expect(check("pki/ca.ts", 'import { readFile } from "node:fs/promises";')).toHaveLength(1);
    expect(check("pki/ca.ts", "const now = Date.now();")).toHaveLength(1);
    expect(check("pki/ca.ts", "// Date.now() would be wrong here")).toEqual([]);
  });
  test("finds a cycle", () => {
    const files = [
      { path: "pki/a.ts", text: 'import { b } from "./b.ts";' },
      { path: "pki/b.ts", text: 'import { a } from "./a.ts";' },
    ];
    expect(checkLayers(files).join()).toContain("cycle");
  });
  test("finds a cycle of folders without a cycle of files", () => {
    const files = [
      { path: "pki/names/a.ts", text: 'import { b } from "../keys/b.ts";' },
      { path: "pki/keys/b.ts", text: "" },
      { path: "pki/keys/c.ts", text: 'import { d } from "../names/x/d.ts";' },
      { path: "pki/names/x/d.ts", text: "" },
    ];
    expect(checkLayers(files)).toEqual(["cycle of folders below src/pki: names → keys → names"]);
  });
  test("allows a folder and its own sub-folder to import each other", () => {
    const files = [
      { path: "pki/a.ts", text: 'import { b } from "./keys/b.ts";' },
      { path: "pki/keys/b.ts", text: 'import { c } from "../c.ts";' },
      { path: "pki/c.ts", text: "" },
    ];
    expect(checkLayers(files)).toEqual([]);
  });
  test("refuses a folder with more than 12 files, its tests not counted", () => {
    const files = Array.from({ length: 12 }, (_, at) => ({ path: `pki/f${at}.ts`, text: "" }));
    const withTest = [...files, { path: "pki/a.test.ts", text: "" }];
    expect(checkLayers(withTest)).toEqual([]);
    expect(checkLayers([...files, { path: "pki/one-more.ts", text: "" }])).toHaveLength(1);
  });
});

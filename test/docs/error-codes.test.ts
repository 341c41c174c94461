/** Each error code is named in a test that makes it happen: in code by its name, in a transcript by its anchor. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { catalogue } from "../../src/base/index.ts";

const root = join(import.meta.dirname, "../..");
const files = ["src", "test"].flatMap((folder) =>
  readdirSync(join(root, folder), { recursive: true, encoding: "utf8" })
    .filter((name) => /\.test\.ts$|cli\/scripts\/.*\.txt$/.test(name))
    .map((name) => join(root, folder, name)),
);
const text = files
  .filter((file) => file !== import.meta.filename)
  .map((file) => readFileSync(file, "utf8"))
  .join("\n");

test.each(Object.keys(catalogue))("%s is named in a test", (code) => {
  expect(new RegExp(`\\b${code}\\b|errors\\.md#${code.toLowerCase()}\\b`).test(text)).toBe(true);
});

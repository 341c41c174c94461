/** The README's picture is what `tetherdock topology` draws today: if this fails, `npm run docs`, and look at it. */
import { readFile } from "node:fs/promises";
import { expect, test } from "vitest";
import { readmePicture } from "../../tools/picture.ts";

const read = (path: string) => readFile(new URL(`../../${path}`, import.meta.url), "utf8");

test("docs/pictures/before-after.svg is current (else: npm run docs)", async () => {
  expect(await read("docs/pictures/before-after.svg")).toBe(readmePicture());
  expect(await read("README.md")).toContain("docs/pictures/before-after.svg");
});

test("it has a verdict and a date, a dark theme, and no green", () => {
  const picture = readmePicture();
  expect(picture).toMatch(/before: paths to the engine; some open to anybody \(\d{4}-\d\d-\d\d\)/);
  expect(picture).toMatch(/after tetherdock up: paths to the engine; none open to anybody \(/);
  expect(picture).toContain("prefers-color-scheme:dark");
  const greens = [...picture.matchAll(/#([0-9a-f]{2})([0-9a-f]{2})([0-9a-f]{2})\b/g)].filter((match) => {
    const [red = 0, green = 0, blue = 0] = match.slice(1).map((part) => Number.parseInt(part, 16));
    return green > red + 32 && green > blue + 32;
  });
  expect(greens).toEqual([]);
});

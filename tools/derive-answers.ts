/**
 * Derives which fields answers have, or the bodies of requests, from a folder of Docker's specifications, `v1.41.yaml` and
 * so on: `node tools/derive-answers.ts FOLDER > test/golden/policy/answer-shapes.json`, and with `bodies` behind FOLDER
 * `body-shapes.json`.
 */
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { parse } from "yaml";
import { answers } from "../src/policy/answers/index.ts";
import { bodies } from "../src/policy/body/model/index.ts";
import { answerShapes, bodyShapes } from "./answer-shapes.ts";

const [folder, what] = process.argv.slice(2);
if (folder === undefined) throw new Error("usage: node tools/derive-answers.ts FOLDER [bodies]");

/** Quoted texts on one line: v1.25 continues them further to the left than YAML allows. */
const withWholeTexts = (yaml: string): string =>
  yaml.replace(/^( *[\w$-]+: )"([^"\n]*\n[^"]*)"(?=\n)/gm, (_, key, text) => `${key}${JSON.stringify(text)}`);

const minor = (name: string): number => Number(/^v1\.(\d+)\.yaml$/.exec(name)?.[1]);
const names = (await readdir(folder))
  .filter((name) => name.endsWith(".yaml"))
  .toSorted((a, b) => minor(b) - minor(a));
const specs = await Promise.all(
  names.map(async (name) =>
    parse(withWholeTexts(await readFile(join(folder, name), "utf8")), { maxAliasCount: -1 }),
  ),
);
const { operations, shapes } =
  what === "bodies"
    ? bodyShapes(specs, new Set(Object.keys(bodies)))
    : answerShapes(specs, new Set(answers.keys()));
const line = ([name, value]: [string, unknown]): string =>
  `  ${JSON.stringify(name)}: ${JSON.stringify(value)}`;
const block = (values: object): string => `{\n${Object.entries(values).map(line).join(",\n")}\n }`;
const versions = JSON.stringify(names.map((name) => name.slice(1, -5)));
console.log(
  `{\n "versions": ${versions},\n "operations": ${block(operations)},\n "shapes": ${block(shapes)}\n}`,
);

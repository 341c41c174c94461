/** Labels of a Dockerfile: no step leaves an image with somebody as the owner of its containers. */
import { expect, test } from "vitest";
import { emptyEngine, ME } from "../../../test/support/policy/engine.ts";
import { OWNER_LABEL } from "../body/model/index.ts";
import { BUILDER_LABEL } from "../build/attributes.ts";
import { readDockerfile } from "./dockerfile.ts";
import { rewrite } from "./rewrite.ts";

/** @returns what the engine gets after the stage's own label */
async function rewritten(line: string): Promise<string[]> {
  const instructions = readDockerfile(Buffer.from(`FROM scratch\n${line}\n`));
  const { lines } = await rewrite(instructions, { given: new Map(), platform: "" }, ME, emptyEngine);
  expect(lines[1]).toEqual({ word: "LABEL", rest: `${BUILDER_LABEL}=${ME} ${OWNER_LABEL}=` });
  return lines.slice(2).map(({ word, rest }) => `${word} ${rest}`);
}

test.each([
  ["LABEL a=b", `LABEL a=b ${OWNER_LABEL}=`],
  [`LABEL ${OWNER_LABEL}=x "c d"="e f"`, `LABEL ${OWNER_LABEL}=x "c d"="e f" ${OWNER_LABEL}=`],
  ["LABEL $NAME=x", `LABEL $NAME=x ${OWNER_LABEL}=`],
  ["ONBUILD label a=b", `ONBUILD LABEL a=b ${OWNER_LABEL}=`],
  ["LABEL a b c", "LABEL a b c"],
  ["ONBUILD RUN a", "ONBUILD RUN a"],
])("%s: the last value of the owner is empty, in the same step", async (line, passed) => {
  expect(await rewritten(line)).toEqual([passed]);
});

test.each([
  [`LABEL ${OWNER_LABEL} x`, "LABEL NAME=VALUE"],
  ["LABEL $NAME x", "LABEL NAME=VALUE"],
  ["ONBUILD LABEL $NAME x", "LABEL NAME=VALUE"],
  ["LABEL a=b\u00a0c=d", "not ASCII"],
])("%j is refused: the engine could read another name", async (line, why) => {
  await expect(rewritten(line)).rejects.toThrow(why);
});

/** What we accept, Node and nginx read as the same requests; what we refuse, they never see. */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { startNginxParser } from "./nginx-parser.ts";
import { startNodeParser } from "./node-parser.ts";
import { type ReferenceParser, upstreamRequests } from "./reference-parser.ts";
import { readSequence } from "./sequence.ts";
import { VECTORS } from "./vector.ts";

const sent = VECTORS.map((vector) => ({ ...vector, ours: readSequence(vector.bytes) })).filter(
  ({ ours }) => ours.passed > 0,
);

describe.each([
  ["node", (folder: string) => startNodeParser(join(folder, "node"))],
  ["nginx", startNginxParser],
] as const)("%s", (name, start) => {
  let folder: string;
  let parser: ReferenceParser;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "vectors-"));
    parser = await start(folder);
  });
  afterAll(async () => {
    await parser[Symbol.asyncDispose]();
    await rm(folder, { recursive: true });
  });

  test.for(sent)("$title", async ({ bytes, ours, stricter }) => {
    const seen = await parser.ask(ours, bytes);
    const refusal = stricter?.[name];
    if (refusal !== undefined) expect(seen).toEqual({ requests: [], statuses: [refusal] });
    else expect(seen.requests).toEqual(upstreamRequests(ours, bytes));
  });
});

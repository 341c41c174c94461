/** docs/reference/gateway.md and the program agree on what may be configured, and its example is one that works. */
import { readFile } from "node:fs/promises";
import { expect, test } from "vitest";
import { DEFAULT_LIMITS, parseGatewayConfig } from "../../src/gateway/index.ts";

const page = await readFile(new URL("../../docs/reference/gateway.md", import.meta.url), "utf8");
const limits = page.slice(page.indexOf("### limits"), page.indexOf("## clients.json"));

test("the page has every limit with its default, and no other", () => {
  const rows = [...limits.matchAll(/^\| `(\w+)` \| (\d+) \|/gm)].map(([, key, value]) => [
    key,
    Number(value),
  ]);
  expect(Object.fromEntries(rows)).toEqual(DEFAULT_LIMITS);
});

test("the example is a valid configuration, and has every key except limits", () => {
  const [, example = ""] = /```text\n(\{[\s\S]*?\n\})\n```/.exec(page) ?? [];
  const config = parseGatewayConfig(example, "the example");
  expect(Object.keys(JSON.parse(example)).toSorted()).toEqual(
    [...Object.keys(config).filter((key) => key !== "limits"), "version"].toSorted(),
  );
});

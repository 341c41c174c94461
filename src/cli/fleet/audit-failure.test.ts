/** One host that says many things of its log must not hide what another one's shows. */
import { expect, test } from "vitest";
import type { FetchedHost } from "../../app/fleet/index.ts";
import { TetherdockError } from "../../base/index.ts";
import { failureOf } from "./audit-failure.ts";

const names = (count: number) => Array.from({ length: count }, (_, at) => `audit-${at}`);

const fetched = (host: string, files: readonly string[]): FetchedHost => ({
  host,
  by: "line",
  fetched: {
    ...{ files: 1, bytes: 10, more: false, noRoom: null },
    problems: files.map((file) => ({ file, line: null, what: "it is gone" })),
  },
});

const away = (host: string): FetchedHost => ({
  host,
  error: new TetherdockError("GATEWAY_UNREACHABLE", "the gateway does not answer"),
});

test("each host's reasons are told, five of one at most", () => {
  const hosts = [away("off"), fetched("liar", names(25)), fetched("cut", ["audit-00000001.jsonl"])];
  expect(failureOf(hosts, "acme")?.why).toEqual([
    ...names(5).map((name) => `liar: ${name}: "it is gone"`),
    "liar: and 20 more",
    'cut: audit-00000001.jsonl: "it is gone"',
    "off: the gateway does not answer",
  ]);
});

test("of many hosts, each is named", () => {
  const hosts = Array.from({ length: 100 }, (_, at) => fetched(`host${at}`, names(3)));
  const why = failureOf(hosts, "acme")?.why ?? [];
  expect(why).toHaveLength(200);
  for (const { host } of hosts) expect(why).toContain(`${host}: audit-0: "it is gone"`);
});

test("nothing is wrong", () => {
  expect(failureOf([fetched("fine", [])], "acme")).toBeNull();
});

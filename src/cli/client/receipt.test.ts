import { expect, test } from "vitest";
import type { MovedEnd, Receipt } from "../../app/clients/index.ts";
import { renderCertificate, renderReceipt } from "./change.ts";

const session = (over: Partial<Receipt["cut"][number]> = {}): Receipt["cut"][number] => ({
  ...{ id: "1", client: "bob", address: "192.0.2.7", since: 0, requests: 1, operation: null, target: null },
  ...over,
});
const logs = session({ operation: "ContainerLogs", target: "/containers/web/logs?follow=1" });

test("what ran on the connections that the gateway closed", () => {
  expect(renderReceipt({ cut: [logs, session()], open: 0, tookMs: 14 })).toEqual([
    "the gateway closed 2 connections in 14 ms",
    "  ended ContainerLogs /containers/web/logs?follow=1 from 192.0.2.7",
  ]);
});

test.each<[string, Receipt | null, string]>([
  ["an older gateway", null, "this gateway is older, and does not report which connections it closed"],
  ["nothing was open", { cut: [], open: 0, tookMs: 1 }, "no connection was open"],
  [
    "one is still open",
    { cut: [session()], open: 1, tookMs: 2000 },
    "the gateway closed 1 connection in 2000 ms; 1 of them is still open",
  ],
])("%s", (_what, receipt, line) => {
  expect(renderReceipt(receipt)).toEqual([line]);
});

test("many streams are counted, and a hostile gateway's text stays one line", () => {
  const lines = renderReceipt({ cut: Array(12).fill(logs), open: 0, tookMs: 1 });
  expect([lines.length, lines.at(-1)]).toEqual([10, "  and 4 more"]);
  const [, line] = renderReceipt({ cut: [session({ target: "a\u001b[2J\nb" })], open: 0, tookMs: 1 });
  expect(line).not.toContain("\u001b");
});

test.each<[string, Partial<MovedEnd>, readonly string[]]>([
  ["ends later", { endsEarlier: false }, []],
  [
    "ends earlier",
    { endsEarlier: true, certificateEnds: "2027-01-02T03:04:05.000Z" },
    [
      "its certificate ends earlier, 2027-01-02T03:04:05.000Z; for a later end, on its machine: tetherdock renew --force",
    ],
  ],
  [
    "was made for an earlier end",
    { expires: null, endsEarlier: true, certificateEnds: "2027-01-02T03:04:05.000Z" },
    [
      "its certificate ends 2027-01-02T03:04:05.000Z; for a later end, on its machine: tetherdock renew --force",
    ],
  ],
  [
    "was never seen",
    { endsEarlier: null },
    [
      "the gateway has not seen when its certificate ends; for a later end, on its machine: tetherdock renew --force",
    ],
  ],
])("a certificate that %s", (_what, over, lines) => {
  const moved: MovedEnd = {
    ...{ name: "bob", expires: "2027-02-03T00:00:00.000Z", state: "active" },
    ...{ endsEarlier: false, certificateEnds: null, ...over },
  };
  expect(renderCertificate(moved)).toEqual(lines);
});

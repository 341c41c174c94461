import { expect, test } from "vitest";
import type { ShownClient } from "../../app/clients/index.ts";
import { DAY_MS } from "../../base/index.ts";
import { renderClient } from "./render-client.ts";

const NOW = Date.parse("2026-12-01T00:00:00Z");
const NONE = { names: [], more: false };
const session = (over: Partial<ShownClient["sessions"][number]> = {}) => ({
  ...{ id: "1", client: "bob", address: "192.0.2.7", since: NOW, requests: 1, operation: null, target: null },
  ...over,
});
const shown = (
  over: Partial<ShownClient> = {},
  activity: Partial<ShownClient["activity"]> = {},
): ShownClient => ({
  client: { name: "bob", fingerprint: "b".repeat(64), role: "viewer", state: "active", expires: null },
  ...{
    renewal: null,
    lastSeen: null,
    may: "list",
    sessions: [],
    since: NOW - DAY_MS,
    until: NOW,
    readUntil: null,
  },
  activity: {
    ...{
      records: 0,
      lastSeen: null,
      addresses: [],
      reads: 0,
      actions: 0,
      failed: 0,
      bytesIn: 0,
      bytesOut: 0,
    },
    ...{ operations: [], execs: 0, admin: [], refused: { count: 0, rules: [], latest: [] } },
    touched: { containers: NONE, images: NONE, volumes: NONE, networks: NONE },
    ...activity,
  },
  ...over,
});

test("what a client has open, and did", () => {
  const lines = renderClient(
    shown(
      {
        sessions: [
          session({ address: "192.0.2.7:49152" }),
          session({ operation: "ContainerLogs", target: "/containers/web/logs" }),
        ],
        client: { ...shown().client, expires: new Date(NOW + 1.5 * DAY_MS).toISOString() },
      },
      {
        ...{ reads: 5, actions: 2, failed: 1, execs: 1, addresses: ["192.0.2.7", "192.0.2.8"] },
        lastSeen: { time: NOW, address: "192.0.2.7" },
        operations: [{ name: "ContainerList", count: 5 }],
        touched: { ...shown().activity.touched, containers: { names: ["web", "db"], more: false } },
        refused: { count: 3, rules: [{ name: "viewer-is-read-only", count: 3 }], latest: [] },
      },
    ),
    NOW,
  );
  expect(lines).toEqual([
    "bob  viewer, active",
    `  key         ${"b".repeat(64)}`,
    "  access ends 2026-12-02T12:00:00.000Z, 1 day left",
    "  may         list",
    "  connected   2, from 192.0.2.7",
    "              ContainerLogs /containers/web/logs",
    "from 2026-11-30T00:00:00.000Z to 2026-12-01T00:00:00.000Z:",
    "  latest      2026-12-01T00:00:00.000Z from 192.0.2.7",
    "  addresses   192.0.2.7, 192.0.2.8",
    "  requests    5 that only read, 2 actions, 1 failed",
    "  operations  ContainerList 5",
    "  containers  web, db",
    "  execs       1",
    "  refused     3",
    "              viewer-is-read-only 3",
  ]);
});

test("a long list is cut, and the output says if not all records were read", () => {
  const many = Array.from({ length: 12 }, (_, at) => `c${at}`);
  const touched = { ...shown().activity.touched, containers: { names: many, more: false } };
  const lines = renderClient(shown({ readUntil: NOW, may: null }, { touched }), NOW);
  expect(lines).toContain("  containers  c0, c1, c2, c3, c4, c5, c6, c7 and 4 more");
  expect(lines).toContain("  may         see tetherdock policy show viewer");
  expect(lines.at(-1)).toBe(
    "there are more records after 2026-12-01T00:00:00.000Z; choose a shorter time with --since and --until",
  );
  const more = { ...touched, containers: { names: many, more: true } };
  expect(renderClient(shown({}, { touched: more }), NOW)).toContain(
    "  containers  c0, c1, c2, c3, c4, c5, c6, c7 and many more",
  );
});

test("when the gateway last saw it, also before the span", () => {
  const lastSeen = { time: NOW - 9 * DAY_MS, address: "192.0.2.7" };
  const lines = renderClient(shown({ lastSeen }), NOW);
  expect(lines.filter((line) => /^ {2}(last seen|latest)/.test(line))).toEqual([
    "  last seen   2026-11-22T00:00:00.000Z from 192.0.2.7",
    "  latest      no record",
  ]);
});

test("how often its certificate was renewed, and that its key was copied", () => {
  const at = "2026-11-30T12:00:00Z";
  const renewal = { generation: 4, at, recoveries: [at], copy: { at, address: "192.0.2.9:40112" } };
  expect(renderClient(shown({ renewal }), NOW)).toEqual(
    expect.arrayContaining([
      `  renewed     4 times, the last at ${at}; 1 after it expired, the last at ${at}`,
      `  stopped     ${at}: 192.0.2.9:40112 showed an older certificate: the key is in two places`,
    ]),
  );
});

test("a client for CI jobs: which jobs get in, and no key", () => {
  const jobs = {
    ...{ issuer: "https://ci.example", audience: "tetherdock:vps" },
    ...{ claims: { repository: "org/app", environment: "prod" }, lifeMs: 600_000 },
  };
  const lines = renderClient(shown({ client: { ...shown().client, jobs } }), NOW);
  expect(lines.slice(1, 6)).toEqual([
    "  jobs of     https://ci.example",
    "  with        repository=org/app and environment=prod",
    "  audience    tetherdock:vps",
    "  key         each job makes its own",
    "  access ends 10m after a job logs in",
  ]);
  const ends = { ...shown().client, jobs, expires: new Date(NOW + 2 * DAY_MS).toISOString() };
  expect(renderClient(shown({ client: ends }), NOW)[5]).toBe(
    "  access ends 2026-12-03T00:00:00.000Z, 2 days left; before that, 10m after a job logs in",
  );
});

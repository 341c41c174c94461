import { expect, test } from "vitest";
import type { TetherdockError } from "../../base/index.ts";
import { DEFAULT_LIMITS, LEAST_LIMITS } from "../admission/limits.ts";
import { Rate } from "../admission/rate.ts";
import { parseGatewayConfig } from "./parse-config.ts";

const TLS = { ca: "/ca", certificate: "/cert", key: "/key" };
const least = {
  version: 1,
  listen: [{ address: "tcp://0.0.0.0:2376" }],
  tls: TLS,
  clients: "/clients.json",
  audit: { directory: "/audit" },
};

const parse = (change: object) =>
  parseGatewayConfig(JSON.stringify({ ...least, ...change }), "/gateway.json");

function why(change: object): readonly string[] {
  try {
    parse(change);
    return [];
  } catch (error) {
    expect(error).toMatchObject({ code: "GATEWAY_CONFIG_BROKEN" });
    return (error as TetherdockError).why;
  }
}

test("missing settings have their defaults", () => {
  expect(parse({})).toMatchObject({
    upstream: "/run/docker.sock",
    tls: { minVersion: "TLSv1.2" },
    metrics: null,
    limits: DEFAULT_LIMITS,
    audit: { whenUnwritable: "refuse" },
    roles: [
      { name: "admin", options: {} },
      { name: "builder", options: {} },
      { name: "deployer", options: {} },
      { name: "operator", options: {} },
      { name: "discovery", options: {} },
      { name: "viewer", options: { logs: false } },
    ],
  });
  expect(parse({ limits: { headMs: 5 } }).limits).toEqual({ ...DEFAULT_LIMITS, headMs: 5 });
});

test.each([
  [{ listen: [] }, /listen must have an entry/],
  [{ tls: null }, /tls is missing: TCP is served with TLS only/],
  [{ clients: undefined }, /clients is missing/],
  [{ clients: "clients.json" }, /clients must be an absolute path/],
  [{ audit: {} }, /audit.directory is missing/],
  [{ audit: { directory: "/a", keep: 1 } }, /audit.keep must be 2 or more/],
  [{ audit: { directory: "/a", whenUnwritable: "ignore" } }, /"refuse" or "go-on"/],
  [{ tls: { ...TLS, minVersion: "TLSv1" } }, /minVersion/],
  [{ tls: { ...TLS, ciphers: "ALL" } }, /tls.ciphers is not known/],
  [{ limits: { headMs: 0 } }, /limits.headMs must be a whole number/],
  [{ limits: { headMs: "10s" } }, /limits.headMs/],
  [{ limits: { keptBytes: 163_839 } }, /limits.keptBytes must be 163840 or more/],
  [{ limits: { headBytes: 1_023 } }, /limits.headBytes must be 1024 or more/],
  [{ limits: { heads: 1 } }, /limits.heads is not known/],
  [{ roles: { viewer: { logs: "yes" } } }, /logs must be true or false/],
  [{ roles: { viewer: { log: true } } }, /roles.viewer.log is not known; known are logs/],
  [{ roles: { builder: {} } }, /roles.builder is not known; known are viewer/],
  [{ metrics: "tcp://0.0.0.0:9100" }, /metrics must be/],
  [{ upstream: "tcp://127.0.0.1:2375" }, /upstream must be unix/],
  [{ insecure: true }, /insecure is not known/],
  [{ version: 2 }, /version must be 1/],
])("%j is refused", (change, problem) => {
  expect(why(change).join("\n")).toMatch(problem);
});

test("the least limits are taken, and let a container of the docker CLI and its exec through", () => {
  const { keptBytes } = parse({ limits: { ...LEAST_LIMITS } }).limits;
  const kept = new Rate(1, keptBytes);
  // What `docker run -i` (a create and an attach) and `docker exec` of 28.5 count as.
  expect([26_000, 104 * 1024, 10_000].map((bytes) => kept.spend("bob", 0, bytes))).toEqual([
    true,
    true,
    true,
  ]);
});

test.each([
  [{ viewer: { logs: true } }, true],
  [{ viewer: {} }, false],
  [{}, false],
])("roles %j: logs %j", (roles, logs) => {
  expect(parse({ roles }).roles).toContainEqual({ name: "viewer", options: { logs } });
});

test("a local socket needs no certificates", () => {
  expect(why({ listen: [{ address: "unix:///run/gateway.sock", client: "local" }], tls: null })).toEqual([]);
});

import { describe, expect, test } from "vitest";
import { inside } from "../../test/support/subject.ts";
import type { Observation } from "../engine/index.ts";
import {
  DEFAULT_PORTS,
  furtherCallers,
  planEndpoints,
  portsFoundInside,
  speaksTls,
  worthTls,
} from "./outside.ts";

test("docker's two ports are probed on every host", () => {
  expect(DEFAULT_PORTS).toEqual([2375, 2376]);
});

describe("planEndpoints", () => {
  const web = { serverName: "web.test", addresses: ["192.0.2.7", "2001:db8::7"] };

  test("every port on every address once, with the strongest reason, in that order", () => {
    const planned = planEndpoints(
      [web],
      [
        { port: 2375, why: "default" },
        { port: 2376, why: "default" },
        { port: 9000, why: "inside" },
        { port: 2376, why: "line" },
        { port: 2375, why: "named" },
      ],
    );
    expect(planned.map(({ endpoint, why }) => [endpoint.host, endpoint.port, why])).toEqual([
      ["192.0.2.7", 2376, "line"],
      ["2001:db8::7", 2376, "line"],
      ["192.0.2.7", 2375, "named"],
      ["2001:db8::7", 2375, "named"],
      ["192.0.2.7", 9000, "inside"],
      ["2001:db8::7", 9000, "inside"],
    ]);
    expect(planned.every(({ serverName }) => serverName === "web.test")).toBe(true);
  });

  test("an address with two names is probed once, by the first name", () => {
    const other = { serverName: "other.test", addresses: ["192.0.2.7"] };
    const planned = planEndpoints([web, other], [{ port: 1, why: "named" }]);
    expect(planned.map(({ serverName }) => serverName)).toEqual(["web.test", "web.test"]);
  });
});

describe("portsFoundInside", () => {
  const held = (command: string) => [{ pid: 1, command, unit: null }];

  test("ports that are open to others, except sshd's", () => {
    const listeners = [
      { address: "0.0.0.0:2376", port: 2376, holders: held("dockerd") },
      { address: "[::]:2376", port: 2376, holders: held("dockerd") },
      { address: "0.0.0.0:22", port: 22, holders: held("sshd") },
      { address: "127.0.0.1:8080", port: 8080, holders: held("nginx") },
      { address: "[::1]:8081", port: 8081, holders: held("nginx") },
      { address: "[::]:443", port: 443, holders: held("nginx") },
      { address: "0.0.0.0:9", port: 9, holders: [] },
      { address: "/run/docker.sock", port: null, holders: held("systemd") },
    ];
    expect(portsFoundInside(inside({ listeners }))).toEqual([2376, 443, 9]);
  });

  test("at most 32 ports", () => {
    const listeners = Array.from({ length: 100 }, (_, at) => ({
      address: `0.0.0.0:${at + 1}`,
      port: at + 1,
      holders: [],
    }));
    expect(portsFoundInside(inside({ listeners }))).toHaveLength(32);
  });
});

describe("probes that a first answer makes unnecessary", () => {
  const lost = (cause: "refused" | "timeout" | "reset"): Observation => ({
    kind: "unreachable",
    cause,
    detail: "",
  });
  const tls = { version: "TLSv1.3", certificatePem: "" };

  test.each([
    [lost("refused"), false],
    [lost("timeout"), false],
    [lost("reset"), true],
    [{ kind: "closed", how: "closed", stage: "answer" }, true],
    [{ kind: "silent", stage: "answer", bytes: 0 }, true],
  ] as [Observation, boolean][])("after %j to plain HTTP, TLS is tried: %s", (seen, worth) => {
    expect(worthTls(seen)).toBe(worth);
  });

  test.each([
    [{ kind: "not-tls", speaks: "http", firstBytes: "HTTP" }, false],
    [lost("reset"), false],
    [{ kind: "silent", stage: "handshake", bytes: 0 }, false],
    [{ kind: "silent", stage: "answer", bytes: 9, tls }, true],
    [{ kind: "tls-alert", alert: "certificate_required", stage: "after" }, true],
    [{ kind: "closed", how: "reset", stage: "handshake" }, true],
    [{ kind: "tls-failed", detail: "x" }, true],
  ] as [Observation, boolean][])("after %j without a certificate, TLS is spoken: %s", (seen, spoken) => {
    expect(speaksTls(seen)).toBe(spoken);
  });

  test("only existing certificates are tried", () => {
    expect(furtherCallers({ untrusted: {} })).toEqual(["untrusted"]);
    expect(furtherCallers({ "server-usage": {}, line: {}, expired: {}, untrusted: {} })).toEqual([
      "line",
      "untrusted",
      "expired",
      "server-usage",
    ]);
  });
});

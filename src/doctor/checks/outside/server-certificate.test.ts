/** Findings about the server's certificate: exactly one for each fault. */
import { describe, expect, test } from "vitest";
import { NOW } from "../../../../test/support/host-facts.ts";
import {
  at,
  distrusted,
  findings,
  LEAF_DAYS,
  line,
  only,
  refused,
  served,
  server,
  tls,
} from "../../../../test/support/outside-stage.ts";
import { subject } from "../../../../test/support/subject.ts";
import type { Observation } from "../../../engine/index.ts";
import { makeAuthority, openAuthority } from "../../../pki/index.ts";
import { runChecks } from "../../check.ts";
import type { EndpointReport } from "../../subject.ts";
import { outsideChecks } from "./index.ts";

describe("the server's certificate", () => {
  const stage = (pem: string, rest: Partial<EndpointReport> = {}) => [at({ line: distrusted(pem) }, rest)];

  test("expired, on two addresses: one finding", async () => {
    const pem = await server(["192.0.2.7", "192.0.2.8"], { agoDays: LEAF_DAYS + 3 });
    const other = { endpoint: { host: "192.0.2.8", port: 2376 }, serverName: "192.0.2.8" };
    const endpoints = [...stage(pem), ...stage(pem, other)];
    expect(findings({ endpoints })).toEqual(["server-certificate-expired"]);
  });

  test.each([
    [31, []],
    [29, ["server-certificate-expires-soon"]],
    [8, ["server-certificate-expires-soon"]],
    [6, ["server-certificate-expires-soon medium"]],
  ] as const)("%i days left", async (left, expected) => {
    const pem = await server(["192.0.2.7"], { agoDays: LEAF_DAYS - left });
    expect(findings({ endpoints: [at({ line: served(pem) })] })).toEqual(expected);
  });

  test("not yet valid", async () => {
    const pem = await server(["192.0.2.7"], { agoDays: -2 });
    expect(findings({ endpoints: stage(pem) })).toEqual(["server-certificate-not-yet-valid"]);
  });

  test.each([
    [["192.0.2.9"], "192.0.2.7", "is not for 192.0.2.7"],
    [["box.test"], "192.0.2.7", "is for names only"],
    [["192.0.2.7"], "box.test", "is not for box.test"],
  ])("for %j, dialled as %s", async (names, serverName, says) => {
    const endpoints = stage(await server(names), { serverName });
    expect(findings({ endpoints })).toEqual(["server-certificate-name"]);
    const results = runChecks(outsideChecks, subject({ inside: null, line, endpoints }));
    expect(results.flatMap((one) => (one.outcome === "failed" ? one.problems : []))[0]?.says).toContain(says);
  });

  test("names only, dialled by two addresses: one finding that says so", async () => {
    const pem = await server(["box.test"]);
    const v6 = { endpoint: { host: "2001:db8::7", port: 2376 }, serverName: "2001:db8::7" };
    const endpoints = [...stage(pem), ...stage(pem, v6)];
    const results = runChecks(outsideChecks, subject({ inside: null, line, endpoints }));
    expect(
      results.flatMap((one) => (one.outcome === "failed" ? one.problems : [])).map(({ says }) => says),
    ).toEqual([
      "the server's certificate is for names only, and clients dial the addresses 192.0.2.7, 2001:db8::7",
    ]);
  });

  test("a common name only", () => {
    const endpoints = stage(line.certificate);
    const results = runChecks(outsideChecks, subject({ inside: null, line, endpoints }));
    const says = results.flatMap((one) => (one.outcome === "failed" ? one.problems.map((p) => p.says) : []));
    expect(says).toEqual([
      expect.stringContaining("carries a common name only"),
      expect.stringContaining("not for serverAuth"),
    ]);
  });

  test("from another CA of the same name; without a line it is no finding", async () => {
    const twin = await openAuthority(await makeAuthority({ subject: "ca", now: NOW }));
    const endpoints = stage(await server(["192.0.2.7"], { by: twin }));
    expect(findings({ endpoints })).toEqual(["server-certificate-other-ca"]);
    expect(findings({ endpoints, line: null })).toEqual([]);
  });

  test("is read from a TLS 1.2 handshake if no probe is admitted", async () => {
    const certificate = await server(["192.0.2.7"], { agoDays: LEAF_DAYS + 3 });
    const report = at({ line: refused }, { offer: { versions: ["TLSv1.2"], weakCiphers: [], certificate } });
    expect(findings({ endpoints: [report], line: null })).toEqual(["server-certificate-expired"]);
  });

  test("a bad certificate of a service that is not Docker is no finding", async () => {
    const pem = await server(["other.test"], { agoDays: LEAF_DAYS + 3 });
    const seen: Observation = { kind: "answered", answer: { status: 200, body: "" }, tls: tls(pem) };
    const report = only({ plain: { kind: "closed", how: "closed", stage: "answer" }, none: seen });
    expect(findings({ endpoints: [{ ...report, why: "inside" }] })).toEqual([]);
  });

  test("an unreadable certificate is neither a finding nor an exception", () => {
    expect(
      findings({ endpoints: stage("-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n") }),
    ).toEqual(["line-does-not-answer"]);
  });
});

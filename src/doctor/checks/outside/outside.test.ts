/** The exact findings for each kind of endpoint: one for each cause. */
import { describe, expect, test } from "vitest";
import {
  all,
  at,
  engineError,
  findings,
  line,
  nginx,
  noRoute,
  notTls,
  only,
  refused,
  served,
  timeout,
  tls,
} from "../../../../test/support/outside-stage.ts";
import { CLOSED, closedEndpoint, inside, OPEN, subject } from "../../../../test/support/subject.ts";
import type { Caller, Observation } from "../../../engine/index.ts";
import { runChecks } from "../../check.ts";
import type { EndpointReport, Subject } from "../../subject.ts";
import { apiWithoutTls } from "../api-without-tls.ts";
import { notDocker } from "./not-docker.ts";

describe("who is admitted", () => {
  test.each<[string, () => EndpointReport[], string[]]>([
    ["a healthy endpoint", () => [at({}), closedEndpoint()], []],
    ["everybody, without TLS", () => [only({ plain: OPEN, none: notTls })], ["api-without-tls"]],
    ["everybody, over TLS", () => [at(all(served()))], ["no-client-auth"]],
    [
      "everybody with any certificate",
      () => [at({ ...all(served()), none: refused })],
      ["untrusted-admitted"],
    ],
    ["an expired certificate", () => [at({ expired: served() })], ["expired-admitted"]],
    ["a gateway that ignores its list", () => [at({ unlisted: served() })], ["unlisted-admitted"]],
    [
      "a gateway that ignores its list and the certificate's use",
      () => [at({ unlisted: served(), "server-usage": served() })],
      ["unlisted-admitted"],
    ],
    ["a server certificate", () => [at({ "server-usage": served() })], ["server-usage-admitted"]],
    [
      "an expired certificate and a server certificate",
      () => [at({ expired: served(), "server-usage": served() })],
      ["expired-admitted"],
    ],
    [
      "nginx that verifies, and says so in HTTP",
      () => [at({ ...all(nginx(400, false)), line: nginx(200, true) })],
      ["proxy-in-front"],
    ],
    [
      "nginx that does not verify",
      () => [at({ ...all(nginx(200, true)), line: nginx(200, true) })],
      ["no-client-auth", "proxy-in-front"],
    ],
    [
      "an engine that answers with an error admits the client too",
      () => [at(all(engineError()))],
      ["no-client-auth"],
    ],
  ])("%s", (_, endpoints, expected) => {
    expect(findings({ line: { ...line, mode: "gateway" }, endpoints: endpoints() })).toEqual(expected);
  });
});

describe("the offered TLS", () => {
  test.each([
    [["TLSv1.2", "TLSv1.3"], [], []],
    [["TLSv1", "TLSv1.2"], [], ["weak-tls"]],
    [["TLSv1.1"], [], ["weak-tls"]],
    [["TLSv1.2"], ["RC4-SHA"], ["weak-tls"]],
    [["TLSv1", "TLSv1.1"], ["NULL-SHA"], ["weak-tls"]],
  ] as const)("%j and weak ciphers %j", (versions, weakCiphers, expected) => {
    expect(findings({ endpoints: [at({}, { offer: { versions, weakCiphers } })] })).toEqual(expected);
  });
});

const garbage: Observation = {
  kind: "garbage",
  detail: "its head has no end",
  speaks: "http",
  firstBytes: "HTTP",
};

describe("endpoints that are not Docker, or do not answer", () => {
  const silent: Observation = { kind: "silent", stage: "answer", bytes: 0 };
  const ssh: Observation = { kind: "garbage", detail: "not HTTP", speaks: "ssh", firstBytes: "SSH-2.0" };

  test.each<[string, EndpointReport["why"], Partial<Record<Caller, Observation>>, string[]]>([
    ["endless headers", "default", { plain: garbage, none: notTls }, ["not-docker"]],
    ["ssh", "named", { plain: ssh, none: { ...notTls, speaks: "ssh" } }, ["not-docker"]],
    ["silent", "default", { plain: silent, none: { ...silent, stage: "handshake" } }, ["silent-endpoint"]],
    [
      "silent, on a port of no interest",
      "inside",
      { plain: silent, none: { ...silent, stage: "handshake" } },
      [],
    ],
    [
      "silent after the handshake, and nothing else known",
      "default",
      { plain: garbage, none: { ...silent, tls: tls() }, untrusted: { ...silent, tls: tls() } },
      ["silent-endpoint"],
    ],
    ["a web server on a port of no interest", "inside", { plain: garbage, none: notTls }, []],
  ])("%s (%s)", (_, why, probes, expected) => {
    expect(findings({ endpoints: [at({}), only(probes, { why })] })).toEqual(expected);
  });

  test.each([
    [timeout, ["host-not-seen"]],
    [noRoute, ["host-not-seen"]],
    [{ kind: "unreachable", cause: "dns", detail: "ENOTFOUND" }, ["host-not-seen"]],
    [CLOSED, []],
  ] as [Observation, string[]][])("%j everywhere, and no line: %j", (plain, expected) => {
    const endpoints = [only({ plain }, { why: "named" }), only({ plain }, { why: "default" })];
    expect(findings({ line: null, endpoints })).toEqual(expected);
    expect(findings({ line: null, endpoints, inside: inside({ listeners: [] }) })).toEqual([]);
  });

  test("an inspection that was cut short names the endpoint", () => {
    const endpoints = [
      at({}),
      { ...only({ plain: silent }), why: "inside" as const, cutShort: true as const },
    ];
    expect(findings({ endpoints })).toEqual(["look-cut-short"]);
  });
});

test("for a port that is not Docker the fix depends on the process that holds it", () => {
  const web = only({ plain: garbage, none: notTls }, { why: "default" });
  const shown = (command: string) => {
    const holders = [{ pid: 7, command, unit: "docker.service" }];
    const look = inside({ listeners: [{ address: "[::]:2376", port: 2376, holders }] });
    const results = runChecks([notDocker], subject({ endpoints: [web], inside: look }));
    return results.flatMap((one) => (one.outcome === "failed" ? one.problems : []))[0];
  };
  expect(shown("nginx")?.evidence.at(-1)).toBe("[::]:2376 is held by nginx (pid 7, docker.service)");
  expect(shown("nginx")?.fix[0]).toMatch(/^ss /);
  expect(shown("docker-proxy")?.fix[0]).toMatch(/^docker ps --filter publish=2376 /);
});

test("the suggested command is a valid up command", () => {
  const fixOf = (changes: Partial<Subject>) =>
    runChecks([apiWithoutTls], subject(changes)).flatMap((one) =>
      one.outcome === "failed" ? one.problems.map(({ fix }) => fix[0]) : [],
    );
  const endpoints = [only({ plain: OPEN })];
  expect(fixOf({ endpoints, upTarget: "core@web.test" })).toEqual(["tetherdock up core@web.test"]);
  expect(fixOf({ endpoints, upTarget: null })).toEqual(["tetherdock up --local"]);
  expect(fixOf({ endpoints, name: "192.0.2.7:2376" })).toEqual(["tetherdock up root@192.0.2.7"]);
});

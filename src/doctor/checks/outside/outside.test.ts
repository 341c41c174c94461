/** What each staged endpoint is found to be: the exact findings, since one cause is to have one. */
import { beforeAll, describe, expect, test } from "vitest";
import { NOW } from "../../../../test/support/host-facts.ts";
import {
  CLOSED,
  closedEndpoint,
  endpointReport,
  inside,
  OPEN,
  subject,
} from "../../../../test/support/subject.ts";
import { DAY_MS } from "../../../base/index.ts";
import type { Observation, TlsFacts } from "../../../engine/index.ts";
import {
  type Authority,
  issueClient,
  issueServer,
  makeAuthority,
  makeKeyPair,
  openAuthority,
  parseName,
} from "../../../pki/index.ts";
import { runChecks } from "../../check.ts";
import type { EndpointReport, KnockKind, Subject } from "../../subject.ts";
import { apiWithoutTls } from "../api-without-tls.ts";
import { outsideChecks } from "./index.ts";

type Line = NonNullable<Subject["line"]>;

const { publicKey } = makeKeyPair();
const LEAF_DAYS = 397;
let ca: Authority;
let line: Line;
/** Served by the endpoint unless a case says otherwise. */
let good: string;

async function server(names: readonly string[], { agoDays = 0, by = ca } = {}): Promise<string> {
  return issueServer(by, { publicKey, names: names.map(parseName), now: NOW - agoDays * DAY_MS });
}

beforeAll(async () => {
  ca = await openAuthority(await makeAuthority({ subject: "ca", now: NOW - 500 * DAY_MS }));
  good = await server(["192.0.2.7"]);
  line = {
    name: "web",
    endpoint: { host: "192.0.2.7", port: 2376 },
    mode: "native",
    ca: ca.certificate,
    certificate: await issueClient(ca, { publicKey, commonName: "me", now: NOW }),
    exposedKeys: [],
  };
});

const tls = (certificatePem = good): TlsFacts => ({ version: "TLSv1.3", certificatePem });
/** An engine's answer over TLS. */
const served = (certificatePem?: string): Observation =>
  ({ ...OPEN, tls: tls(certificatePem) }) as Observation;
const engineError = (): Observation => ({
  kind: "answered",
  answer: { status: 500, apiVersion: "1.41", body: "" },
  tls: tls(),
});
const refused: Observation = { kind: "tls-alert", alert: "bad_certificate", stage: "after" };
const distrusted = (certificatePem: string): Observation => ({
  kind: "distrusted",
  reason: "other",
  detail: "it",
  tls: tls(certificatePem),
});

/** The ids of what is found, sorted; a severity where it is not the check's own. */
function findings(changes: Partial<Subject>): string[] {
  const results = runChecks([apiWithoutTls, ...outsideChecks], subject({ inside: null, line, ...changes }));
  const found = results.flatMap((result) =>
    result.outcome === "failed"
      ? result.problems.map(({ severity }) =>
          severity && severity !== result.check.severity ? `${result.check.id} ${severity}` : result.check.id,
        )
      : [],
  );
  return found.sort();
}

function at(
  knocks: Partial<Record<KnockKind, Observation>>,
  rest: Partial<EndpointReport> = {},
): EndpointReport {
  return endpointReport({ line: served(), ...knocks }, rest);
}

/** Nothing but these knocks were made. */
function only(knocks: Partial<Record<KnockKind, Observation>>, rest: Partial<EndpointReport> = {}) {
  const made = Object.entries(knocks).map(([kind, seen]) => ({ kind: kind as KnockKind, seen }));
  return { ...endpointReport({}, rest), knocks: made, offer: null };
}

const all = (seen: Observation) => ({ none: seen, stranger: seen, expired: seen, "server-usage": seen });
const notTls: Observation = { kind: "not-tls", speaks: "http", firstBytes: "HTTP/1.1" };
const nginx = (status: number, docker: boolean): Observation => ({
  kind: "answered",
  answer: { status, server: "nginx/1.22", body: "", ...(docker && { apiVersion: "1.41" }) },
  tls: tls(),
});
const timeout: Observation = { kind: "unreachable", cause: "timeout", detail: "ETIMEDOUT" };
const noRoute: Observation = { kind: "unreachable", cause: "no-route", detail: "ENETUNREACH" };

describe("who gets in", () => {
  test.each<[string, () => EndpointReport[], string[]]>([
    ["a healthy one", () => [at({}), closedEndpoint()], []],
    ["open in the clear", () => [only({ plain: OPEN, none: notTls })], ["api-without-tls"]],
    ["everybody, over TLS", () => [at(all(served()))], ["no-client-auth"]],
    [
      "everybody with any certificate",
      () => [at({ ...all(served()), none: refused })],
      ["stranger-admitted"],
    ],
    ["an expired one", () => [at({ expired: served() })], ["expired-admitted"]],
    ["a server's", () => [at({ "server-usage": served() })], ["server-usage-admitted"]],
    [
      "an expired one and a server's",
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
    ["an engine that answers an error lets in, too", () => [at(all(engineError()))], ["no-client-auth"]],
  ])("%s", (_, endpoints, expected) => {
    expect(findings({ endpoints: endpoints() })).toEqual(expected);
  });
});

describe("what TLS it offers", () => {
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

  test("a common name only", () => {
    const endpoints = stage(line.certificate);
    const results = runChecks(outsideChecks, subject({ inside: null, line, endpoints }));
    const says = results.flatMap((one) => (one.outcome === "failed" ? one.problems.map((p) => p.says) : []));
    expect(says).toEqual([
      expect.stringContaining("carries a common name only"),
      expect.stringContaining("not for serverAuth"),
    ]);
  });

  test("another CA's, also of the same name; without a line nobody can tell", async () => {
    const twin = await openAuthority(await makeAuthority({ subject: "ca", now: NOW }));
    const endpoints = stage(await server(["192.0.2.7"], { by: twin }));
    expect(findings({ endpoints })).toEqual(["server-certificate-other-ca"]);
    expect(findings({ endpoints, line: null })).toEqual([]);
  });

  test("seen by TLS 1.2 alone, where nobody was let in", async () => {
    const certificate = await server(["192.0.2.7"], { agoDays: LEAF_DAYS + 3 });
    const report = at({ line: refused }, { offer: { versions: ["TLSv1.2"], weakCiphers: [], certificate } });
    expect(findings({ endpoints: [report], line: null })).toEqual(["server-certificate-expired"]);
  });

  test("somebody else's service with a bad certificate is none of our business", async () => {
    const pem = await server(["other.test"], { agoDays: LEAF_DAYS + 3 });
    const seen: Observation = { kind: "answered", answer: { status: 200, body: "" }, tls: tls(pem) };
    const report = only({ plain: { kind: "closed", how: "closed", stage: "answer" }, none: seen });
    expect(findings({ endpoints: [{ ...report, why: "inside" }] })).toEqual([]);
  });

  test("what is no certificate is no finding and no exception", () => {
    expect(
      findings({ endpoints: stage("-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n") }),
    ).toEqual(["line-does-not-answer"]);
  });
});

describe("the line", () => {
  test.each<[string, () => EndpointReport[], string[]]>([
    ["refused by the engine", () => [at({ line: refused })], ["line-does-not-answer"]],
    [
      "answered with an error",
      () => [
        at({ line: { ...served(), answer: { status: 500, apiVersion: "1.41", body: "" } } as Observation }),
      ],
      ["line-does-not-answer"],
    ],
    ["nothing listens", () => [only({ plain: CLOSED })], ["line-unreachable"]],
    [
      "a firewall on both addresses: one finding",
      () => [
        only({ plain: timeout }),
        only({ plain: timeout }, { endpoint: { host: "2001:db8::7", port: 2376 } }),
      ],
      ["line-unreachable"],
    ],
    [
      "no IPv6 here",
      () => [at({}), only({ plain: noRoute }, { endpoint: { host: "2001:db8::7", port: 2376 } })],
      [],
    ],
    [
      "silent",
      () => [
        only({
          plain: { kind: "silent", stage: "answer", bytes: 3 },
          none: { kind: "silent", stage: "handshake", bytes: 0 },
        }),
      ],
      ["silent-endpoint medium"],
    ],
    [
      "somebody else's",
      () => [only({ plain: { kind: "answered", answer: { status: 200, body: "" } }, none: notTls })],
      ["not-docker medium"],
    ],
  ])("%s", (_, endpoints, expected) => {
    expect(findings({ endpoints: endpoints() })).toEqual(expected);
  });

  test("unreachable is left to the look from inside where that knows why", () => {
    const endpoints = [only({ plain: CLOSED })];
    const { facts } = inside();
    const stopped = inside({ facts: { ...facts, service: { ...facts.service, active: false } } });
    expect(findings({ endpoints, inside: stopped })).toEqual([]);
    expect(findings({ endpoints, inside: inside() })).toEqual([]);
    const running = { ...facts, service: { ...facts.service, active: true } };
    expect(findings({ endpoints, inside: inside({ facts: running, listeners: [] }) })).toEqual([
      "line-unreachable",
    ]);
  });

  test.each([
    [397, [], []],
    [29, ["client-certificate-expires"], []],
    [6, ["client-certificate-expires medium"], []],
    [-1, ["client-certificate-expires medium"], ["client-certificate-expires medium"]],
  ])("its certificate has %i days left; refused for it, too", async (left, served, refusedToo) => {
    const now = NOW - (LEAF_DAYS - left) * DAY_MS;
    const certificate = await issueClient(ca, { publicKey, commonName: "me", now });
    expect(findings({ line: { ...line, certificate }, endpoints: [at({})] })).toEqual(served);
    if (refusedToo.length === 0) return;
    expect(findings({ line: { ...line, certificate }, endpoints: [at({ line: refused })] })).toEqual(
      refusedToo,
    );
  });

  test("keys that others can read, each with its own command", () => {
    const exposedKeys = ["/home/me/it's/key.pem", "/home/me/ca-key.pem"];
    expect(findings({ line: { ...line, exposedKeys } })).toEqual(["client-key-mode", "client-key-mode"]);
  });

  test("a locked CA key: two checks say so, the others run", () => {
    const noCaKey = "the line's CA key is locked with a passphrase";
    const results = runChecks(outsideChecks, subject({ line: { ...line, noCaKey }, endpoints: [at({})] }));
    const skipped = results.flatMap((one) => (one.outcome === "skipped" ? [[one.check.id, one.why]] : []));
    expect(skipped).toEqual([
      ["expired-admitted", noCaKey],
      ["server-usage-admitted", noCaKey],
    ]);
  });
});

describe("what is not Docker, or does not say", () => {
  const garbage: Observation = {
    kind: "garbage",
    detail: "its head has no end",
    speaks: "http",
    firstBytes: "HTTP",
  };
  const silent: Observation = { kind: "silent", stage: "answer", bytes: 0 };
  const ssh: Observation = { kind: "garbage", detail: "not HTTP", speaks: "ssh", firstBytes: "SSH-2.0" };

  test.each<[string, EndpointReport["why"], Partial<Record<KnockKind, Observation>>, string[]]>([
    ["endless headers", "default", { plain: garbage, none: notTls }, ["not-docker"]],
    ["ssh", "named", { plain: ssh, none: { ...notTls, speaks: "ssh" } }, ["not-docker"]],
    ["silent", "default", { plain: silent, none: { ...silent, stage: "handshake" } }, ["silent-endpoint"]],
    [
      "silent, on a port of no interest",
      "inside",
      { plain: silent, none: { ...silent, stage: "handshake" } },
      [],
    ],
    ["a web server on a port of no interest", "inside", { plain: garbage, none: notTls }, []],
  ])("%s (%s)", (_, why, knocks, expected) => {
    expect(findings({ endpoints: [at({}), only(knocks, { why })] })).toEqual(expected);
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

  test("a look that was cut short says where", () => {
    const endpoints = [
      at({}),
      { ...only({ plain: silent }), why: "inside" as const, cutShort: true as const },
    ];
    expect(findings({ endpoints })).toEqual(["look-cut-short"]);
  });
});

test("the command to type is one that up takes", () => {
  const fixOf = (changes: Partial<Subject>) =>
    runChecks([apiWithoutTls], subject(changes)).flatMap((one) =>
      one.outcome === "failed" ? one.problems.map(({ fix }) => fix[0]) : [],
    );
  const endpoints = [only({ plain: OPEN })];
  expect(fixOf({ endpoints, upArgument: "core@web.test" })).toEqual(["tetherdock up core@web.test"]);
  expect(fixOf({ endpoints, upArgument: "--local" })).toEqual(["tetherdock up --local"]);
  expect(fixOf({ endpoints, name: "192.0.2.7:2376" })).toEqual(["tetherdock up root@192.0.2.7"]);
});

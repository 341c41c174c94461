/** Findings about the line itself: its connection, its certificates, its keys. */
import { describe, expect, test } from "vitest";
import { NOW } from "../../../../test/support/host-facts.ts";
import {
  at,
  ca,
  findings,
  LEAF_DAYS,
  line,
  noRoute,
  notTls,
  only,
  publicKey,
  refused,
  served,
  timeout,
} from "../../../../test/support/outside-stage.ts";
import { CLOSED, inside, subject } from "../../../../test/support/subject.ts";
import { DAY_MS } from "../../../base/index.ts";
import type { Observation } from "../../../engine/index.ts";
import { issueClient } from "../../../pki/index.ts";
import { runChecks } from "../../check.ts";
import type { EndpointReport } from "../../subject.ts";
import { outsideChecks } from "./index.ts";

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
      "another service",
      () => [only({ plain: { kind: "answered", answer: { status: 200, body: "" } }, none: notTls })],
      ["not-docker medium"],
    ],
  ])("%s", (_, endpoints, expected) => {
    expect(findings({ endpoints: endpoints() })).toEqual(expected);
  });

  test("refused by the gateway: its reason is shown, and the fix is an admin's, not up", () => {
    const body = '{"message":"tetherdock: your access to this host was revoked"}';
    const seen = { ...served(), answer: { status: 403, server: "tetherdock", body } } as Observation;
    const results = runChecks(outsideChecks, subject({ line, endpoints: [at({ line: seen })] }));
    const found = results.flatMap((one) => (one.outcome === "failed" ? one.problems : []));
    expect(found).toMatchObject([
      {
        says: "the gateway at 192.0.2.7:2376 does not let this machine in",
        evidence: [expect.stringContaining('"your access to this host was revoked"')],
        fix: [expect.stringMatching(/^tetherdock client ls /)],
      },
    ]);
  });

  test("an unreachable line is no finding if the inspection from inside knows the cause", () => {
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
  ])(
    "its certificate has %i days left, and the engine accepts or refuses it",
    async (left, served, refusedToo) => {
      const now = NOW - (LEAF_DAYS - left) * DAY_MS;
      const certificate = await issueClient(ca, { publicKey, commonName: "me", now });
      expect(findings({ line: { ...line, certificate }, endpoints: [at({})] })).toEqual(served);
      if (refusedToo.length === 0) return;
      expect(findings({ line: { ...line, certificate }, endpoints: [at({ line: refused })] })).toEqual(
        refusedToo,
      );
    },
  );

  test("each key that others can read is a finding", () => {
    const exposedKeys = ["/home/me/it's/key.pem", "/home/me/ca-key.pem"];
    expect(findings({ line: { ...line, exposedKeys } })).toEqual(["client-key-mode", "client-key-mode"]);
  });

  test("an encrypted CA key: two checks are skipped with the reason, the others run", () => {
    const noCaKey = "the line's CA key is encrypted with a passphrase";
    const results = runChecks(outsideChecks, subject({ line: { ...line, noCaKey }, endpoints: [at({})] }));
    const skipped = results.flatMap((one) => (one.outcome === "skipped" ? [[one.check.id, one.why]] : []));
    expect(skipped).toEqual([
      ["expired-admitted", noCaKey],
      ["server-usage-admitted", noCaKey],
    ]);
  });
});

test("who waits for approval, with the commands; of a native line nobody does", () => {
  const told = (mode: "native" | "gateway") =>
    runChecks(outsideChecks, subject({ line: { ...line, mode, waiting: ["ben@desk"] }, endpoints: [at({})] }))
      .filter(({ check }) => check.id === "client-waits")
      .flatMap((one) => (one.outcome === "failed" ? one.problems : []));
  expect(told("native")).toEqual([]);
  expect(told("gateway")).toMatchObject([
    {
      says: "ben@desk asks to join",
      fix: [
        expect.stringMatching(/^tetherdock client approve ben@desk --line web /),
        expect.stringMatching(/^tetherdock client rm ben@desk --line web /),
      ],
    },
  ]);
});

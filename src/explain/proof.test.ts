import { describe, expect, test } from "vitest";
import type { Observation } from "../engine/index.ts";
import { makeAuthority } from "../pki/index.ts";
import { concludeProof, type Knock } from "./proof.ts";

const docker = { status: 200, apiVersion: "1.41", server: "Docker/20.10.24 (linux)", body: "OK" };
const nginx = { status: 400, server: "nginx", body: "" };

const SEEN = {
  docker: { kind: "answered", answer: docker },
  nginx: { kind: "answered", answer: nginx },
  alert: { kind: "tls-alert", alert: "certificate_required", stage: "after" },
  closed: { kind: "closed", how: "closed", stage: "answer" },
  refused: { kind: "unreachable", cause: "refused", detail: "ECONNREFUSED" },
  silent: { kind: "silent", stage: "handshake", bytes: 0 },
  notTls: { kind: "not-tls", speaks: "http", firstBytes: "HTTP/1.1 400" },
} as const satisfies Record<string, Observation>;

const conclude = (seen: Partial<Record<Knock, Observation>>) =>
  concludeProof(Object.entries(seen).map(([knock, one]) => ({ knock: knock as Knock, seen: one })));

describe("concludeProof()", () => {
  test.each([
    ["open in the clear", { plain: SEEN.docker, stranger: SEEN.notTls }, "open", /plain HTTP/],
    [
      "open over TLS",
      { plain: SEEN.closed, stranger: SEEN.docker },
      "open",
      /without asking for a certificate/,
    ],
    [
      "open, though our line works",
      { plain: SEEN.docker, stranger: SEEN.alert, line: SEEN.docker },
      "open",
      /plain HTTP/,
    ],
    ["closed", { plain: SEEN.nginx, stranger: SEEN.alert }, "closed", /refuses/],
    ["closed by hanging up", { plain: SEEN.closed, stranger: SEEN.closed }, "closed", /refuses/],
    [
      "as it should be",
      { plain: SEEN.closed, stranger: SEEN.alert, line: SEEN.docker },
      "closed",
      /nobody without/,
    ],
    ["out of reach", { plain: SEEN.refused, stranger: SEEN.refused }, undefined, /cannot be reached/],
    [
      "out of reach, which proves nothing",
      { plain: SEEN.refused, stranger: SEEN.silent },
      undefined,
      /do not show/,
    ],
    ["something else", { plain: SEEN.nginx, stranger: SEEN.nginx }, undefined, /do not show/],
    [
      "our line works, and a stranger is met by silence",
      { plain: SEEN.silent, stranger: SEEN.silent, line: SEEN.docker },
      undefined,
      /do not show/,
    ],
  ] as const)("%s", (_, seen, danger, conclusion) => {
    const proof = conclude(seen);
    expect(proof.danger).toBe(danger);
    expect(proof.conclusion).toMatch(conclusion);
    expect(proof.says).toHaveLength(Object.keys(seen).length);
  });

  test("tells whose certificate was seen", async () => {
    const now = Date.UTC(2026, 10, 24);
    const { certificate } = await makeAuthority({ subject: "ca of vps", now });
    const { says } = conclude({
      stranger: {
        kind: "answered",
        answer: docker,
        tls: { version: "TLSv1.3", certificatePem: certificate },
      },
    });
    expect(says.at(-1)).toMatch(
      /^its certificate is for no name or address, by CN=ca of vps, until 2036-1\d-\d\d$/,
    );
  });
});

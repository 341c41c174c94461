import { describe, expect, test } from "vitest";
import type { Caller, Observation } from "../engine/index.ts";
import { makeAuthority } from "../pki/index.ts";
import { concludeProof } from "./proof.ts";

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

const conclude = (seen: Partial<Record<Caller, Observation>>) =>
  concludeProof(Object.entries(seen).map(([caller, one]) => ({ caller: caller as Caller, seen: one })));

describe("concludeProof()", () => {
  test.each([
    ["open without TLS", { plain: SEEN.docker, none: SEEN.notTls }, "open", /plain HTTP/],
    ["open over TLS", { plain: SEEN.closed, none: SEEN.docker }, "open", /without asking for a certificate/],
    [
      "open, although our line works",
      { plain: SEEN.docker, none: SEEN.alert, line: SEEN.docker },
      "open",
      /plain HTTP/,
    ],
    ["closed", { plain: SEEN.nginx, none: SEEN.alert }, "closed", /refuses/],
    ["closed by disconnecting", { plain: SEEN.closed, none: SEEN.closed }, "closed", /refuses/],
    [
      "as it should be",
      { plain: SEEN.closed, none: SEEN.alert, line: SEEN.docker },
      "closed",
      /refuses everything else/,
    ],
    [
      "open to any certificate",
      { none: SEEN.alert, untrusted: SEEN.docker },
      "open",
      /any client certificate/,
    ],
    [
      "a gateway that ignores its client list",
      { none: SEEN.alert, line: SEEN.docker, unlisted: SEEN.docker },
      "open",
      /client list/,
    ],
    ["unreachable", { plain: SEEN.refused, none: SEEN.refused }, undefined, /cannot be reached/],
    [
      "unreachable or silent, which proves nothing",
      { plain: SEEN.refused, none: SEEN.silent },
      undefined,
      /not prove/,
    ],
    ["something else", { plain: SEEN.nginx, none: SEEN.nginx }, undefined, /not prove/],
    [
      "our line works, and others get no answer",
      { plain: SEEN.silent, none: SEEN.silent, line: SEEN.docker },
      undefined,
      /not prove/,
    ],
  ] as const)("%s", (_, seen, danger, conclusion) => {
    const proof = conclude(seen);
    expect(proof.danger).toBe(danger);
    expect(proof.conclusion).toMatch(conclusion);
    expect(proof.says).toHaveLength(Object.keys(seen).length);
  });

  test("describes the certificate that was seen", async () => {
    const now = Date.UTC(2026, 10, 24);
    const { certificate } = await makeAuthority({ subject: "ca of vps", now });
    const { says } = conclude({
      none: {
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

/** Transport × case × verdict: each row is an observation, each column a caller. */
import { describe, expect, test } from "vitest";
import { parseEndpoint } from "../endpoint.ts";
import { judge, judgeAll, type ProofState } from "./judge.ts";
import type { HttpAnswer, Observation, TlsFacts, UnreachableCause } from "./observation.ts";
import type { CaseKind, ProofCase } from "./proof.ts";
import { summarise } from "./summarise.ts";

const tls: TlsFacts = { version: "TLSv1.3", certificatePem: "PEM" };
const endpoint = parseEndpoint("192.0.2.7:2376");
const target = { endpoint, serverName: "box.example" };

const docker = (status: number): HttpAnswer => ({
  status,
  apiVersion: "1.41",
  server: "Docker/20.10.24 (linux)",
  body: "",
});
const other = (status: number): HttpAnswer => ({ status, server: "nginx", body: "" });
const answered = (answer: HttpAnswer, facts?: TlsFacts): Observation => ({
  kind: "answered",
  answer,
  ...(facts && { tls: facts }),
});
const unreachable = (cause: UnreachableCause): Observation => ({ kind: "unreachable", cause, detail: "" });

const caseOf = (kind: CaseKind): ProofCase => ({
  kind,
  target,
  endpoint: kind === "closed" ? parseEndpoint("192.0.2.7:2375") : endpoint,
  credential: { kind: "plain" },
});

describe("a client that the gateway does not know", () => {
  test.each<[string, Observation, ProofState]>([
    ["is refused in HTTP", answered(other(403), tls), "proven"],
    ["is refused in the handshake", { kind: "tls-alert", alert: "access_denied", stage: "after" }, "proven"],
    ["is hung up on", { kind: "closed", how: "closed", stage: "answer", tls }, "proven"],
    ["is served", answered(docker(200), tls), "exposed"],
    ["gets an answer of docker's own", answered(docker(403), tls), "exposed"],
    ["gets an answer", answered(other(200), tls), "exposed"],
    ["hears nothing", { kind: "silent", stage: "answer", bytes: 0, tls }, "broken"],
  ])("%s", (_what, seen, state) => {
    expect(judge(caseOf("unlisted"), seen).state).toBe(state);
  });
});

test("a certificate of the CA that was replaced must be refused", () => {
  const refused = judge(caseOf("former"), { kind: "tls-alert", alert: "unknown_ca", stage: "after" });
  expect(refused).toMatchObject({
    state: "proven",
    says: expect.stringContaining("of the CA before: refused"),
  });
  const admitted = judge(caseOf("former"), answered(docker(200), tls));
  expect(summarise([admitted])[0]?.reason).toContain("still lets in clients with a certificate of the CA");
});

const P = "proven";
const U = "unreachable";
const B = "broken";
const X = "exposed";
const PN = "proven, note";

const COLUMNS = ["line", "none", "untrusted", "expired", "plain", "closed"] as const;
type Row = readonly [string, Observation, readonly (ProofState | "proven, note")[]];

// Columns: ours, none, stranger, expired, plain, closed.
const rows: readonly Row[] = [
  ["Docker over TLS", answered(docker(200), tls), [P, X, X, X, X, X]],
  ["Docker's error over TLS", answered(docker(403), tls), [B, X, X, X, X, X]],
  ["another server over TLS", answered(other(200), tls), [B, X, X, X, B, PN]],
  ["another server's 404 over TLS", answered(other(404), tls), [B, X, X, X, P, PN]],
  ["Docker in the clear", answered(docker(200)), [B, X, X, X, X, X]],
  ["Docker's error in the clear", answered(docker(404)), [B, X, X, X, X, X]],
  [
    "dockerd's 400 to plain HTTP",
    answered({ status: 400, body: "Client sent an HTTP" }),
    [B, X, X, X, P, PN],
  ],
  ["a web server in the clear", answered(other(200)), [B, X, X, X, B, PN]],
  [
    "an alert in the handshake",
    { kind: "tls-alert", alert: "bad_certificate", stage: "handshake" },
    [B, P, P, P, B, PN],
  ],
  [
    "an alert after it",
    { kind: "tls-alert", alert: "certificate_required", stage: "after" },
    [B, P, P, P, B, PN],
  ],
  ["closed when asked", { kind: "closed", how: "closed", stage: "answer", tls }, [B, P, P, P, P, PN]],
  ["reset in the handshake", { kind: "closed", how: "reset", stage: "handshake" }, [B, P, P, P, P, PN]],
  ["a name mismatch", { kind: "distrusted", reason: "name-mismatch", detail: "", tls }, [B, B, B, B, B, PN]],
  ["plain HTTP to TLS", { kind: "not-tls", speaks: "http", firstBytes: "HTTP/" }, [B, B, B, B, B, PN]],
  ["a failed handshake", { kind: "tls-failed", detail: "X" }, [B, B, B, B, B, PN]],
  ["silence", { kind: "silent", stage: "answer", bytes: 0 }, [B, B, B, B, B, B]],
  ["TLS bytes", { kind: "garbage", detail: "", speaks: "tls", firstBytes: "" }, [B, B, B, B, P, PN]],
  ["rubbish", { kind: "garbage", detail: "", speaks: "unknown", firstBytes: "" }, [B, B, B, B, B, PN]],
  ["refused", unreachable("refused"), [U, U, U, U, U, P]],
  ["lost", unreachable("timeout"), [U, U, U, U, U, P]],
  ["no route", unreachable("no-route"), [U, U, U, U, U, P]],
  ["cut before anything", unreachable("reset"), [U, U, U, U, U, P]],
];

const table = rows.flatMap(([what, seen, states]) =>
  COLUMNS.map((kind, at) => [what, kind, states[at] ?? "", seen] as const),
);

test.each(table)("judge(): %s to %s is %s", (_, kind, expected, seen) => {
  const verdict = judge(caseOf(kind), seen);
  expect(verdict.note ? `${verdict.state}, note` : verdict.state).toBe(expected);
  expect(verdict.ok).toBe(verdict.state === "proven");
  expect(verdict.says).toMatch(/^192\.0\.2\.7:237[56](?: \(box\.example\))?, [^:]+: .*[^.]$/);
});

const refusal: Observation = { kind: "tls-alert", alert: "certificate_required", stage: "after" };
const good: Readonly<Record<CaseKind, Observation>> = {
  line: answered(docker(200), tls),
  none: refusal,
  untrusted: refusal,
  expired: refusal,
  unlisted: refusal,
  former: refusal,
  plain: answered({ status: 400, body: "" }),
  closed: unreachable("refused"),
};

function proofWith(changes: Partial<Record<CaseKind, Observation>>) {
  const seen = { ...good, ...changes };
  const verdicts = judgeAll(COLUMNS.map((kind) => [caseOf(kind), seen[kind]] as const));
  return { verdicts, states: verdicts.map(({ state }) => state), summary: summarise(verdicts)[0] };
}

describe("judgeAll() and summarise()", () => {
  test("all results as required: proven", () => {
    const { summary, states } = proofWith({});
    expect(states).toEqual([P, P, P, P, P, P]);
    expect(summary).toMatchObject({
      target,
      state: "proven",
      reason: "192.0.2.7:2376 answers your certificate and refuses everybody else",
    });
  });

  test("if our probe is lost, other failures prove nothing, except a refused connection", () => {
    expect(proofWith({ line: unreachable("timeout") }).states).toEqual([U, U, U, U, U, P]);
    const { states, summary, verdicts } = proofWith({
      line: unreachable("timeout"),
      closed: unreachable("timeout"),
    });
    expect(states).toEqual([U, U, U, U, U, U]);
    expect(verdicts[1]?.says).toContain("(proves nothing)");
    expect(summary).toMatchObject({
      state: "unreachable",
      cause: "timeout",
      reason: "192.0.2.7:2376 cannot be reached from here: no answer to the connection attempt in time",
    });
  });

  test("an open port is exposed, even if our probe is lost", () => {
    const { states, summary } = proofWith({ line: unreachable("timeout"), closed: answered(docker(200)) });
    expect(states).toEqual([U, U, U, U, U, X]);
    expect(summary).toMatchObject({ state: "exposed" });
  });

  test("one lost probe makes it unproven", () => {
    expect(proofWith({ untrusted: unreachable("timeout") }).summary).toMatchObject({
      state: "unreachable",
      cause: "timeout",
      reason: expect.stringContaining("is not proven to be closed"),
    });
  });

  test("without a probe of ours nothing is proven", () => {
    const verdicts = judgeAll([[caseOf("none"), refusal]]);
    expect(summarise(verdicts)).toMatchObject([{ state: "unreachable" }]);
  });

  test("our certificate refused: broken", () => {
    const { summary } = proofWith({ line: { kind: "tls-alert", alert: "bad_certificate", stage: "after" } });
    expect(summary).toMatchObject({
      state: "broken",
      reason: "192.0.2.7:2376 does not serve your certificate: refused with the TLS alert bad_certificate",
    });
  });

  test("each address has a separate summary", () => {
    const second = { endpoint: parseEndpoint("[2001:db8::7]:2376"), serverName: "box.example" };
    const lost: ProofCase = { ...caseOf("line"), target: second, endpoint: second.endpoint };
    const verdicts = judgeAll([
      [caseOf("line"), good.line],
      [lost, unreachable("no-route")],
    ]);
    expect(summarise(verdicts).map(({ state, cause }) => [state, cause])).toEqual([
      ["proven", undefined],
      ["unreachable", "no-route"],
    ]);
  });

  test("a peer's text cannot write to the terminal", () => {
    const evil = answered({ status: 200, apiVersion: "\x1b[2J", server: "Docker/\x9b2J", body: "" }, tls);
    expect(judge(caseOf("none"), evil).says).toMatch(/^[\x20-\x7e]+$/);
  });
});

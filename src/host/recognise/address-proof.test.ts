import { describe, expect, test } from "vitest";
import type { Observation, ProofSummary, Target, UnreachableCause, Verdict } from "../../engine/index.ts";
import {
  issueServer,
  makeAuthority,
  makeKeyPair,
  normaliseNames,
  openAuthority,
  readCertificate,
} from "../../pki/index.ts";
import { judgeAddresses } from "./address-proof.ts";

const now = Date.now();
const authority = await openAuthority(await makeAuthority({ subject: "test", now }));
const certificateFor = () =>
  issueServer(authority, { publicKey: makeKeyPair().publicKey, names: normaliseNames(["192.0.2.1"]), now });
const [ours, other] = [await certificateFor(), await certificateFor()];
const serverKey = readCertificate(ours).publicKeyFingerprint;

const target = (host: string, serverName = host): Target => ({ endpoint: { host, port: 2376 }, serverName });

function summary(
  at: Target,
  state: ProofSummary["state"],
  certificatePem?: string,
  cause?: UnreachableCause,
): ProofSummary {
  const seen: Observation = certificatePem
    ? { kind: "answered", answer: { status: 200, body: "OK" }, tls: { version: "TLSv1.3", certificatePem } }
    : { kind: "unreachable", cause: cause ?? "timeout", detail: "" };
  const probed = { kind: "line", target: at, endpoint: at.endpoint, credential: { kind: "plain" } } as const;
  const verdict: Verdict = {
    case: probed,
    seen,
    state,
    ok: certificatePem !== undefined,
    note: false,
    says: "",
  };
  return { target: at, state, reason: "", verdicts: [verdict], ...(cause && { cause }) };
}

/** `named` and `claimed` targets, each with its state and whether the line depends on it. */
function judge(named: ProofSummary[], claimed: ProofSummary[] = []): string[] {
  const proofs = judgeAddresses([...named, ...claimed], new Set(claimed.map((one) => one.target)), serverKey);
  return proofs.map(({ state, required }) => `${state} ${required ? "required" : "optional"}`);
}

describe("judgeAddresses()", () => {
  test("the user's addresses must be proven, by the host's own key", () => {
    expect(judge([summary(target("192.0.2.1"), "proven", ours)])).toEqual(["proven required"]);
    expect(judge([summary(target("192.0.2.1"), "unreachable")])).toEqual(["unreachable required"]);
  });

  test("a machine with another key from the line's CA, such as its old host, is no proof", () => {
    expect(judge([summary(target("192.0.2.1"), "proven", other)])).toEqual(["broken required"]);
  });

  test("a claimed address counts only if the host's own key answers: then it must not be exposed", () => {
    const named = summary(target("192.0.2.1"), "proven", ours);
    const claimed = target("10.0.0.5", "192.0.2.1");
    expect(judge([named], [summary(claimed, "proven", ours)])[1]).toBe("proven required");
    expect(judge([named], [summary(claimed, "exposed", ours)])[1]).toBe("exposed required");
    expect(judge([named], [summary(claimed, "proven", other)])[1]).toBe("broken optional");
    expect(judge([named], [summary(claimed, "exposed", other)])[1]).toBe("exposed optional");
    expect(judge([named], [summary(claimed, "unreachable")])[1]).toBe("unreachable optional");
  });

  test("an address without a route is accepted if another address of the name is proven; a claimed one does not count", () => {
    const [v4, v6] = [target("192.0.2.1", "vps.example"), target("2001:db8::1", "vps.example")];
    const lost = summary(v6, "unreachable", undefined, "no-route");
    expect(judge([summary(v4, "proven", ours), lost])).toEqual(["proven required", "unreachable optional"]);
    expect(judge([summary(v4, "proven", other), lost])[1]).toBe("unreachable required");
    const claimed = summary(target("10.0.0.5", "vps.example"), "proven", ours);
    expect(judge([lost], [claimed])).toEqual(["unreachable required", "proven required"]);
    expect(judge([summary(v6, "unreachable", undefined, "timeout"), claimed])[0]).toBe(
      "unreachable required",
    );
  });
});

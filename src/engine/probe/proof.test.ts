import { describe, expect, test } from "vitest";
import { formatEndpoint, parseEndpoint } from "../endpoint.ts";
import type { Observation } from "./observation.ts";
import type { ProbeRequest } from "./prober.ts";
import { planProof } from "./proof.ts";
import { prove } from "./prove.ts";

const identity = (name: string) => ({ certPem: `${name} cert`, keyPem: `${name} key` });
const credentials = {
  line: identity("line"),
  untrusted: identity("untrusted"),
  expired: identity("expired"),
};
const targetOf = (text: string, serverName: string) => ({ endpoint: parseEndpoint(text), serverName });

function plan(targets: readonly string[], formerPlainPorts: readonly number[] = []) {
  return planProof({
    targets: targets.map((text) => targetOf(text, "box.example")),
    formerPlainPorts,
    caPem: "CA",
    credentials,
  });
}

describe("planProof()", () => {
  test("a gateway gets a sixth probe: a certificate that the CA signed and the list does not have", () => {
    const unlisted = identity("unlisted");
    const targets = [targetOf("192.0.2.7:2376", "box.example")];
    const credentials6 = { ...credentials, unlisted };
    const cases = planProof({ targets, formerPlainPorts: [], caPem: "CA", credentials: credentials6 });
    expect(cases.map(({ kind }) => kind)).toEqual([
      "line",
      "none",
      "untrusted",
      "expired",
      "unlisted",
      "plain",
      "closed",
    ]);
    expect(cases[4]?.credential).toEqual({ kind: "tls", caPem: "CA", identity: unlisted });
  });

  test("probes a target five times and port 2375 once", () => {
    const cases = plan(["192.0.2.7:2376"]);
    expect(cases.map((one) => [one.kind, formatEndpoint(one.endpoint)])).toEqual([
      ["line", "192.0.2.7:2376"],
      ["none", "192.0.2.7:2376"],
      ["untrusted", "192.0.2.7:2376"],
      ["expired", "192.0.2.7:2376"],
      ["plain", "192.0.2.7:2376"],
      ["closed", "192.0.2.7:2375"],
    ]);
    expect(cases.map(({ credential }) => credential)).toEqual([
      { kind: "tls", caPem: "CA", identity: credentials.line },
      { kind: "tls", caPem: "CA" },
      { kind: "tls", caPem: "CA", identity: credentials.untrusted },
      { kind: "tls", caPem: "CA", identity: credentials.expired },
      { kind: "plain" },
      { kind: "plain" },
    ]);
  });

  test("probes each former port once for each host, but never one that must be open", () => {
    const cases = plan(["192.0.2.7:2376", "[fd00::7]:2376"], [2376, 4243, 4243, 2375]);
    const closed = cases
      .filter(({ kind }) => kind === "closed")
      .map(({ endpoint }) => formatEndpoint(endpoint));
    expect(closed).toEqual(["192.0.2.7:2375", "192.0.2.7:4243", "[fd00::7]:2375", "[fd00::7]:4243"]);
  });
});

describe("prove()", () => {
  test("makes every connection once, no more at a time than allowed, and keeps the order", async () => {
    const cases = plan(["192.0.2.7:2376", "192.0.2.8:2376"]);
    const asked: ProbeRequest[] = [];
    let running = 0;
    let most = 0;
    const prober = async (request: ProbeRequest): Promise<Observation> => {
      asked.push(request);
      most = Math.max(most, ++running);
      // Later ones finish earlier, so that the order is not accidental.
      for (let turn = asked.length; turn < 20; turn++) await undefined;
      running--;
      return { kind: "unreachable", cause: "refused", detail: formatEndpoint(request.endpoint) };
    };
    const verdicts = await prove(cases, prober, { concurrency: 3, timeoutMs: 1_000 });
    expect(most).toBe(3);
    expect(asked).toHaveLength(cases.length);
    expect(asked[0]).toMatchObject({ serverName: "box.example", timeoutMs: 1_000 });
    expect(verdicts.map((verdict) => verdict.case)).toEqual(cases);
    expect(verdicts.map(({ seen }) => seen.kind === "unreachable" && seen.detail)).toEqual(
      cases.map(({ endpoint }) => formatEndpoint(endpoint)),
    );
  });

  test("passes on a failed credential", async () => {
    const broken = async (): Promise<Observation> => {
      throw new Error("unusable");
    };
    const options = { concurrency: 2, timeoutMs: 1_000 };
    await expect(prove(plan(["192.0.2.7:2376"]), broken, options)).rejects.toThrow("unusable");
  });
});

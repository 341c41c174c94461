import { describe, expect, test } from "vitest";
import { upRequest } from "../../../../test/support/app/up-world.ts";
import { Foreign } from "../../../base/index.ts";
import type { HostShell } from "../../../facts/index.ts";
import type { AddressProof } from "../../../host/index.ts";
import type { LineMode } from "../../../line/index.ts";
import { failuresOf, requireProven } from "./judge-proof.ts";

type State = AddressProof["state"];
const STATES: readonly State[] = ["proven", "exposed", "broken", "unreachable"];

function proof(state: State, more: Partial<AddressProof> = {}): AddressProof {
  const target = { endpoint: { host: "192.0.2.7", port: 2376 }, serverName: "web.example" };
  const seen = { kind: "unreachable", cause: "timeout" };
  const verdict = { case: { kind: "line", target }, ok: state === "proven", says: "it said so", state, seen };
  const lost = state === "unreachable" && { cause: "timeout" };
  return {
    target,
    state,
    reason: `is ${state}`,
    verdicts: [verdict],
    required: true,
    ...lost,
    ...more,
  } as AddressProof;
}

/** A host that prints what the script for reachability would. */
function hostThatSays(stdout: string): HostShell {
  return {
    arrivedAt: null,
    run: async () => ({ status: 0, stdout, stderr: new Foreign("") }),
    send: () => Promise.reject(new Error("nothing is sent")),
    atEnd: () => {},
    close: async () => {},
  };
}

const judged = (
  proofs: readonly AddressProof[],
  said = "listening\n",
  mode: LineMode = "native",
): Promise<unknown> =>
  requireProven(hostThatSays(said), proofs, { request: upRequest({ san: ["web.example"] }), mode }).then(
    () => "accepted",
    (error: unknown) => error,
  );

describe.each(STATES)("a required address that is %s", (state) => {
  test("fails unless it is proven", () => {
    expect(failuresOf([proof(state)])).toHaveLength(state === "proven" ? 0 : 1);
  });

  test("alone is accepted, NOT_PROVEN or NOT_REACHABLE", async () => {
    const code = {
      proven: "accepted",
      unreachable: "NOT_REACHABLE",
      exposed: "NOT_PROVEN",
      broken: "NOT_PROVEN",
    };
    const outcome = await judged([proof(state)]);
    expect(outcome === "accepted" ? outcome : (outcome as { code: string }).code).toBe(code[state]);
  });

  test("beside a proven one still decides the result", async () => {
    const outcome = await judged([proof("proven"), proof(state)]);
    expect(outcome === "accepted").toBe(state === "proven");
  });
});

test("an address that is not required fails nothing", async () => {
  for (const state of STATES) expect(await judged([proof(state, { required: false })])).toBe("accepted");
});

test("the message is about the exposed address first, and every attempt is listed", async () => {
  expect(await judged([proof("broken"), proof("unreachable"), proof("exposed")])).toMatchObject({
    code: "NOT_PROVEN",
    message: "is exposed",
    why: [expect.stringContaining("nothing else may")],
    attempts: [{ what: "broken" }, { what: "unreachable" }, { what: "exposed" }],
  });
});

test("the attempts are the failed probes; if nothing answers, only the line's own", async () => {
  const verdict = (kind: string, ok: boolean, says: string) => ({
    case: { kind },
    ok,
    says,
    state: "broken",
  });
  const verdicts = [
    verdict("line", true, "got in"),
    verdict("none", false, "got in too"),
    verdict("line", false, "kept out"),
  ];
  const attempts = async (state: State) =>
    (await judged([proof(state, { verdicts } as unknown as Partial<AddressProof>)])) as { attempts: unknown };
  expect((await attempts("broken")).attempts).toEqual([
    { what: "broken", why: "got in too" },
    { what: "broken", why: "kept out" },
  ]);
  expect((await attempts("unreachable")).attempts).toEqual([{ what: "broken", why: "kept out" }]);
});

test("a dockerd that does not listen and a firewall have different messages", async () => {
  expect(await judged([proof("unreachable")], "")).toMatchObject({
    code: "NOT_REACHABLE",
    message: "nothing listens on TCP 2376 of web.example",
    hints: [expect.stringContaining("docker.service")],
  });
  expect(await judged([proof("unreachable")], "", "gateway"), "not docker's fault").toMatchObject({
    why: [expect.stringContaining("tetherdock-gateway.service")],
    hints: [expect.stringContaining("tetherdock-gateway"), expect.stringContaining("tetherdock-gateway")],
  });
  expect(await judged([proof("unreachable")], "listening\nufw\n")).toMatchObject({
    message: "TCP 2376 of web.example cannot be reached from here",
    why: expect.arrayContaining([expect.stringContaining("ufw")]),
    hints: ["ufw allow proto tcp from YOUR_ADDRESS to any port 2376   # on the host"],
  });
});

test("the firewalls that the host runs are named, if it runs any", async () => {
  const why = async (said: string) =>
    ((await judged([proof("unreachable")], said)) as { why: string[] }).why[1];
  const dropped = "packets are dropped: a firewall blocks them";
  expect(await why("listening\n")).toBe(dropped);
  expect(await why("listening\nufw\n")).toBe(`${dropped} (the host runs ufw)`);
  expect(await why("listening\nufw\nfirewalld\n")).toMatch(/ \(the host runs \w+, \w+\)$/);
});

test.each([
  ["timeout", "dropped"],
  ["refused", "the connection is refused"],
  ["dns", "does not resolve"],
  ["no-route", "no route"],
] as const)("unreachable by %s: the reason says %s", async (cause, says) => {
  expect(await judged([proof("unreachable", { cause })])).toMatchObject({
    why: expect.arrayContaining([expect.stringContaining(says)]),
  });
});

test("the hint is another address of the same name that is proven", async () => {
  const other = proof("proven", {
    target: { endpoint: { host: "192.0.2.9", port: 2376 }, serverName: "web.example" },
  } as Partial<AddressProof>);
  expect(await judged([proof("unreachable"), other])).toMatchObject({
    hints: expect.arrayContaining([
      "tetherdock up core@vps --address 192.0.2.9 --san web.example   # this address is proven",
    ]),
  });
  const stranger = { ...other, target: { ...other.target, serverName: "db.example" } };
  for (const one of [stranger, { ...other, state: "broken" as const, required: false }]) {
    const { hints } = (await judged([proof("unreachable"), one])) as { hints: string[] };
    expect(hints.join("\n")).not.toContain("--address");
  }
});

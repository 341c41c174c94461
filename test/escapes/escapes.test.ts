/** The attempts against the role alone, in milliseconds. test/e2e/deployer.test.ts proves that each works for an admin. */
import { describe, expect, test } from "vitest";
import { findOperation } from "../../src/engine/index.ts";
import { OWNER_LABEL } from "../../src/policy/body/model/index.ts";
import { compileRole, decide, defaultRole, type EngineLookup, type Role } from "../../src/policy/index.ts";
import { CONFINED, containerOf, OTHER as DAN, emptyEngine, ME } from "../support/policy/engine.ts";
import { calls } from "./calls.ts";
import { closedCalls } from "./closed.ts";
import { creates } from "./creates.ts";
import { type Escape, filled, HOST_VOLUME, type Places } from "./escape.ts";
import { networks } from "./networks.ts";
import { OTHERS } from "./others.ts";
import { volumes as volumeEscapes } from "./volumes.ts";
import { ways } from "./ways.ts";

const PLACES: Places = {
  ...{ n: "1", victim: "victim1", mine: "1".repeat(64), id: "2".repeat(64), prefix: "2".repeat(12) },
  ...{ exec: "3".repeat(64), otherId: "4".repeat(64), owner: DAN, volume: "vol1", spare: "spare1" },
  ...{ raced: "5".repeat(64), guest: "6".repeat(64), spareNetwork: "spare-net1", network: "net1" },
  ...{
    networkId: "7".repeat(64),
    networkPrefix: "7".repeat(12),
    myNetwork: "my1",
    idle: "9".repeat(64),
    now: "1",
  },
  ...{ hex: `32${"2".repeat(11)}`, who: "b" },
};
const engine: EngineLookup = {
  ...emptyEngine,
  version: async () => "28.5.2",
  inspectContainer: async (ref) => {
    if (ref === "2".repeat(13)) return null;
    const isMine = ref === PLACES["mine"] || ref === PLACES["raced"];
    const volumes = ref === PLACES["raced"] ? ["vol1"] : [];
    const id = (isMine ? ref : PLACES["id"]) ?? "";
    return containerOf(isMine ? ME : DAN, { id, volumes, ...CONFINED });
  },
  inspectImage: async () => ({}),
  inspectNetwork: async (ref) => {
    const isMine = ref === PLACES["myNetwork"];
    return { id: "8".repeat(64), labels: { [OWNER_LABEL]: isMine ? ME : DAN } };
  },
  inspectVolume: async (name) => {
    if (name === PLACES["volume"] || name === PLACES["spare"]) return { [OWNER_LABEL]: DAN };
    return name === HOST_VOLUME ? {} : null;
  },
  createVolume: async (_name, labels) => labels,
  inspectExec: async (id) => ({ id, containerId: PLACES["id"] ?? "", isPrivileged: false }),
};

async function refusalOf(role: Role, { attempt }: Escape): Promise<string> {
  const { method, target, body = "", headers = {} } = filled(attempt, PLACES);
  const call = findOperation(method, target);
  const decision = decide(role, call);
  if (decision.allow !== null || call === null) return decision.allow === false ? decision.reason : "allowed";
  const bytes = Buffer.from(typeof body === "string" ? body : JSON.stringify(body));
  if (bytes.length > decision.maxBytes) return "the request body is too large";
  const verdict = await decision.judge(bytes, call, {
    owner: ME,
    contentType: [headers["Content-Type"] ?? "application/json"],
    contentEncoding: "Content-Encoding" in headers ? [headers["Content-Encoding"] ?? ""] : [],
    upgrade: headers["Upgrade"] ?? "",
    engine,
    holds: () => {},
    mayKeep: () => true,
    ifLeft: () => {},
    chance: () => false,
    inTurn: (work) => work(),
  });
  if (verdict.allow && verdict.target?.includes(encodeURIComponent(`"${OWNER_LABEL}=${ME}":true`)))
    return "filtered";
  // without a filter of its own: what is shown of its answer is the owner's
  if (verdict.allow && call.operation.name === "SystemDataUsage" && verdict.answer !== null) {
    const theirs = { Names: ["/victim1"], Name: "vol1", Labels: { [OWNER_LABEL]: DAN } };
    const shown = JSON.stringify(verdict.answer.mark.show({ Containers: [theirs], Volumes: [theirs] }));
    return /victim1|vol1/.test(shown) ? shown : "filtered";
  }
  return verdict.allow ? "allowed" : verdict.reason;
}

const all = [...creates, ...calls, ...volumeEscapes, ...networks, ...ways, ...closedCalls];

test(`there are at least 250, each with a name of its own (${all.length} now)`, () => {
  expect(all.length).toBeGreaterThanOrEqual(250);
  expect(new Set(all.map(({ name }) => name)).size).toBe(all.length);
});

describe.each(["deployer", "operator"] as const)("%s", (name) => {
  const role = compileRole(defaultRole(name));
  const both = [...creates, ...calls, ...volumeEscapes, ...networks];
  const tried = name === "deployer" ? all : both.filter((one) => !OTHERS.has(one.name));

  test.each(tried.map((one) => [one.name, one] as const))("%s", async (_name, one) => {
    expect(await refusalOf(role, one)).toMatch(new RegExp(one.filtered ? "filtered" : one.refusal, "s"));
  });
});

test("what is about others only is allowed to an operator", async () => {
  const role = compileRole(defaultRole("operator"));
  const said = await Promise.all(
    all.filter((one) => OTHERS.has(one.name)).map(async (one) => [one.name, await refusalOf(role, one)]),
  );
  expect(said.filter(([, answer]) => answer !== "allowed")).toEqual([]);
});

/** The rest of a deployer's day, without an engine: updates, processes, prune and events of own containers. */
import { expect, test } from "vitest";
import { findOperation } from "../engine/index.ts";
import { OWNER_LABEL } from "./body/model/index.ts";
import { type Asking, compileRole, decide, type EngineLookup, type Verdict } from "./index.ts";

const ME = "a".repeat(64);
const OTHER = "b".repeat(64);
const MINE = "1".repeat(64);

let hasForgedImage = false;
const engine: EngineLookup = {
  version: async () => "29.7.0",
  inspectContainer: async (ref) => {
    const owner = ref === "web" ? ME : OTHER;
    return { id: MINE, image: "tiny", labels: { [OWNER_LABEL]: owner }, volumes: [] };
  },
  inspectExec: async () => null,
  inspectImage: async () => ({}),
  inspectVolume: async () => null,
  inspectDriver: async () => null,
  createVolume: async () => null,
  inspectNetwork: async () => null,
  hasImageWith: async (label) => hasForgedImage && label === `${OWNER_LABEL}=${ME}`,
};
const asking: Asking = {
  ...{ owner: ME, contentType: ["application/json"], contentEncoding: [], upgrade: "" },
  engine,
};
const deployer = compileRole({ name: "deployer", options: {} });

async function ask(line: string, body: unknown = ""): Promise<Verdict> {
  const [method = "", target = ""] = line.split(" ");
  const call = findOperation(method, target) ?? expect.fail(`${line} calls nothing`);
  const decision = decide(deployer, call);
  if (decision.allow !== null) return expect.fail(decision.allow ? "not judged" : decision.reason);
  return decision.judge(Buffer.from(body === "" ? "" : JSON.stringify(body)), call, asking);
}

async function why(line: string, body: unknown = ""): Promise<string> {
  const verdict = await ask(line, body);
  if (verdict.allow) return "allowed";
  const check = /\(check (\w+)\)$/.exec(verdict.reason)?.[1];
  if (check !== undefined) expect(verdict.rule, "as the audit log has it").toMatch(new RegExp(`:${check}$`));
  return `${verdict.status ?? 403} ${verdict.reason}`;
}

test("update changes an own container's limits and restart policy, and nothing else", async () => {
  const body = { Memory: 1, NanoCpus: 2, Devices: null, CgroupParent: "", RestartPolicy: { Name: "always" } };
  const verdict = await ask("POST /v1.45/containers/web/update", body);
  expect(verdict).toMatchObject({ allow: true, target: `/v1.45/containers/${MINE}/update` });
  expect(verdict.allow && JSON.parse(verdict.body.toString())).toEqual({
    ...{ Memory: 1, NanoCpus: 2, RestartPolicy: { Name: "always" } },
  });
  expect(await why("POST /containers/theirs/update", body)).toMatch(/^404 /);
  for (const [fields, check] of [
    [{ DeviceCgroupRules: ["a *:* rwm"] }, "devices"],
    [{ CgroupParent: "x" }, "cgroupParent"],
    [{ BlkioDeviceReadBps: [{ Path: "/dev/sda" }] }, "blkioDevices"],
    [{ CpuRealtimePeriod: 1 }, "realtime"],
    [{ Privileged: true }, "unknownField"],
  ] as const)
    expect(await why("POST /containers/web/update", fields)).toContain(`(check ${check})`);
});

test("top passes no other arguments to the host's ps than none, -ef and aux", async () => {
  for (const query of ["", "?ps_args=-ef", "?ps_args=aux"])
    expect(await ask(`GET /containers/web/top${query}`)).toMatchObject({ allow: true });
  for (const args of ["eww", "aux e", "-o pid,args", "-e f", "AUX"])
    expect(await why(`GET /containers/web/top?ps_args=${encodeURIComponent(args)}`)).toContain("psArguments");
  expect(await why("GET /containers/theirs/top")).toMatch(/^404 /);
});

test("changes are shown of an own container", async () => {
  expect(await ask("GET /containers/web/changes")).toMatchObject({ target: `/containers/${MINE}/changes` });
  expect(await why("GET /containers/theirs/changes")).toMatch(/^404 /);
});

test("containers are pruned by the owner's label, unless an image has it: then the engine would prune others' too", async () => {
  const filters = encodeURIComponent(`{"until":{"1h":true},"label":{"${OWNER_LABEL}=${ME}":true}}`);
  const line = `POST /containers/prune?filters=${encodeURIComponent('{"until":["1h"]}')}`;
  expect(await ask(line)).toMatchObject({ target: `/containers/prune?filters=${filters}` });
  hasForgedImage = true;
  expect(await why(line)).toContain("an image on this engine has your label");
  hasForgedImage = false;
});

test("only events of own containers are shown: others do not say who owns what", async () => {
  const asked = encodeURIComponent('{"label":["a"],"type":{"container":true,"network":true}}');
  const filters = { label: { a: true, [`${OWNER_LABEL}=${ME}`]: true }, type: { container: true } };
  const verdict = await ask(`GET /v1.45/events?since=1&until=2&filters=${asked}`);
  const { target = "", answer = null } = verdict.allow ? verdict : expect.fail(verdict.reason);
  const query = new URLSearchParams(target.split("?")[1]);
  expect([query.get("since"), query.get("until")]).toEqual(["1", "2"]);
  expect(JSON.parse(query.get("filters") ?? "")).toEqual(filters);
  const event = (Type: string, owner: string) => ({ Type, Actor: { Attributes: { [OWNER_LABEL]: owner } } });
  expect(answer?.lines).toBe(true);
  expect(answer?.mark.show(event("container", ME))).toEqual(event("container", ME));
  for (const other of [
    event("container", OTHER),
    event("network", ME),
    { Type: "container" },
    null,
    1,
    [],
    "",
  ])
    expect(answer?.mark.show(other)).toBeUndefined();
  const network = encodeURIComponent('{"type":["network"]}');
  expect(await why(`GET /events?filters=${network}`)).toContain("only events of containers are shown");
});

/** The rest of a deployer's day, without an engine: updates, processes, prune and events of own containers. */
import { expect, test } from "vitest";
import { askRole } from "../../test/support/policy/ask-role.ts";
import { containerOf, emptyEngine, ME, OTHER } from "../../test/support/policy/engine.ts";
import { OWNER_LABEL } from "./body/model/index.ts";
import { compileRole, defaultRole, type EngineLookup } from "./index.ts";

const MINE = "1".repeat(64);

let hasForgedImage = false;
const engine: EngineLookup = {
  ...emptyEngine,
  inspectContainer: async (ref) => containerOf(ref === "web" ? ME : OTHER),
  inspectImage: async () => ({}),
  hasImageWith: async (label) => hasForgedImage && label === `${OWNER_LABEL}=${ME}`,
};
const { ask, why } = askRole(compileRole(defaultRole("deployer")), engine);

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

test("top passes no other arguments to the host's ps than none, -ef and aux, with lines of bounded length", async () => {
  for (const [query, args] of [
    ["", "-ef"],
    ["?ps_args=-ef", "-ef"],
    ["?ps_args=aux", "aux"],
  ])
    expect(await ask(`GET /containers/web/top${query}`)).toMatchObject({
      allow: true,
      target: expect.stringMatching(`/top\\?ps_args=${args}%20--cols%204096$`),
    });
  for (const args of ["eww", "aux e", "-o pid,args", "-e f", "AUX"])
    expect(await why(`GET /containers/web/top?ps_args=${encodeURIComponent(args)}`)).toContain("psArguments");
  expect(await why("GET /containers/theirs/top")).toMatch(/^404 /);
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

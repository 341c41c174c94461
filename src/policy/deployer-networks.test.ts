/** Own networks of the role deployer, without an engine. */
import { describe, expect, test } from "vitest";
import { askRole } from "../../test/support/policy/ask-role.ts";
import { containerOf, emptyEngine, ME, OTHER } from "../../test/support/policy/engine.ts";
import { OWNER_LABEL } from "./body/model/index.ts";
import { compileRole, defaultRole, type EngineLookup } from "./index.ts";

const MINE = "1".repeat(64);
const NET = "2".repeat(64);
const OTHER_NET = "3".repeat(64);

const networkOf = (id: string, owner: string) => ({ id, labels: { [OWNER_LABEL]: owner } });
const engine: EngineLookup = {
  ...emptyEngine,
  inspectContainer: async (ref) => {
    if (["web", MINE].includes(ref)) return containerOf(ME);
    return ref === "theirs" ? containerOf(OTHER) : null;
  },
  inspectImage: async () => ({}),
  inspectNetwork: async (ref) => {
    if (["back", NET.slice(0, 12), NET].includes(ref)) return networkOf(NET, ME);
    const many = /^many-(\d+)$/.exec(ref)?.[1];
    if (many !== undefined) return networkOf(many.padStart(64, "7"), ME);
    if (ref === "front") return networkOf("5".repeat(64), ME);
    if (ref === "others") return networkOf(OTHER_NET, OTHER);
    return ["bridge", "host"].includes(ref) ? { id: "6".repeat(64), labels: {} } : null;
  },
};
const { ask, sent, why } = askRole(compileRole(defaultRole("deployer")), engine);

const CREATE = "POST /v1.45/containers/create";
const inNetworks = (NetworkMode: string, EndpointsConfig: object) => ({
  HostConfig: { NetworkMode },
  NetworkingConfig: { EndpointsConfig },
});

describe("a container's networks", () => {
  test("the engine gets the full IDs of the owner's networks, whatever name was used", async () => {
    const endpoint = { Aliases: ["db", "app-db-1"], MacAddress: "", IPAMConfig: {}, DriverOpts: null };
    const asked = inNetworks("back", { back: endpoint, front: { Links: ["db:d"], GwPriority: 1 } });
    expect((await sent(CREATE, asked)).body).toEqual({
      HostConfig: { NetworkMode: NET },
      Labels: { [OWNER_LABEL]: ME },
      NetworkingConfig: {
        EndpointsConfig: {
          [NET]: { Aliases: ["db", "app-db-1"], MacAddress: "" },
          ["5".repeat(64)]: { Links: ["db:d"], GwPriority: 1 },
        },
      },
    });
    const plain = inNetworks("default", { default: { IPAMConfig: null, Aliases: null } });
    expect((await sent(CREATE, plain)).body.NetworkingConfig).toEqual({ EndpointsConfig: { default: {} } });
    expect((await sent(CREATE, { HostConfig: { NetworkMode: NET.slice(0, 12) } })).body.HostConfig).toEqual({
      NetworkMode: NET,
    });
  });

  test("what else the body has stays as it is, and no mode is added", async () => {
    const { body } = await sent(CREATE, {
      HostConfig: { Memory: 7 },
      NetworkingConfig: { EndpointsConfig: { back: {} } },
    });
    expect(body).toMatchObject({ NetworkingConfig: { EndpointsConfig: { [NET]: {} } } });
    expect(body.HostConfig).toEqual({ Memory: 7 });
    const inBack = { Memory: 7, NetworkMode: "back" };
    expect((await sent(CREATE, { HostConfig: inBack })).body.HostConfig).toEqual({
      ...{ Memory: 7, NetworkMode: NET },
    });
  });

  test("a container is in at most 32", async () => {
    const many = Object.fromEntries(Array.from({ length: 31 }, (_, at) => [`many-${at}`, {}]));
    const asked = inNetworks("back", { ...many, back: {} });
    expect(Object.keys((await sent(CREATE, asked)).body.NetworkingConfig.EndpointsConfig)).toHaveLength(32);
    expect(await why(CREATE, inNetworks("front", asked.NetworkingConfig.EndpointsConfig))).toContain(
      "it names 33 networks; use at most 32",
    );
  });

  test.each([
    ["host", {}, "check hostNamespaces"],
    ["container:web", {}, "check hostNamespaces"],
    ["a/b", {}, "check hostNamespaces"],
    ["", { host: {} }, "check hostNamespaces"],
    ["", { "": {} }, "check hostNamespaces"],
    ["others", {}, "you have no network others; create it"],
    ["nothing", {}, "you have no network nothing; create it"],
    ["Host", {}, "you have no network Host; create it"],
    ["bridge", { others: {} }, "you have no network others; create it"],
    ["back", { back: {}, [NET]: {} }, "one network twice"],
    ["bridge", { bridge: { MacAddress: "02:42:ac:11:00:02" } }, "check networkEndpoint"],
    ["bridge", { default: { Aliases: ["db"] } }, "check networkEndpoint"],
    ["back", { back: { IPAMConfig: { IPv4Address: "10.0.0.1" } } }, "check networkAddress"],
    ["back", { back: { DriverOpts: { a: "b" } } }, "check networkEndpoint"],
    ["back", { back: { NetworkID: OTHER_NET } }, "check networkEndpoint"],
    ["back", Object.fromEntries(Array.from({ length: 33 }, (_, at) => [`n${at}`, {}])), "use at most 32"],
  ])("NetworkMode %j with endpoints %j is refused: %s", async (mode, endpoints, reason) => {
    expect(await why(CREATE, inNetworks(mode, endpoints))).toMatch(/^403 /);
    expect(await why(CREATE, inNetworks(mode, endpoints))).toContain(reason);
  });
});

describe("networks", () => {
  test("create asks for a bridge with the owner's label, and no second one of that name", async () => {
    const body = {
      ...{ Name: "back", CheckDuplicate: false, Driver: "", Scope: "", EnableIPv6: false, IPAM: null },
      ...{ Internal: true, Attachable: false, Ingress: false, ConfigOnly: false, ConfigFrom: null },
      ...{ Options: { "com.docker.network.driver.mtu": "1400" }, Labels: { a: "b" } },
    };
    expect(await sent("POST /v1.45/networks/create", body)).toEqual({
      target: "/v1.45/networks/create",
      body: {
        ...{
          Name: "back",
          CheckDuplicate: true,
          Driver: "bridge",
          Scope: "",
          EnableIPv6: false,
          Internal: true,
        },
        ...{ Options: body.Options, Labels: { a: "b", [OWNER_LABEL]: ME } },
      },
    });
  });

  test.each([
    [{ Driver: "macvlan" }, "networkDriver"],
    [{ Driver: "ipvlan" }, "networkDriver"],
    [{ Driver: "host" }, "networkDriver"],
    [{ Driver: "overlay" }, "networkDriver"],
    [{ Scope: "swarm" }, "networkDriver"],
    [{ Ingress: true }, "networkDriver"],
    [{ ConfigOnly: true }, "networkDriver"],
    [{ ConfigFrom: { Network: "others" } }, "networkDriver"],
    [{ IPAM: { Driver: "dhcp" } }, "networkDriver"],
    [{ IPAM: { Config: [{ Subnet: "10.0.0.0/8" }] } }, "networkAddress"],
    [{ IPAM: { Config: [{}] } }, "networkAddress"],
    [{ IPAM: { Options: { a: "b" } } }, "networkAddress"],
    [{ Options: { "com.docker.network.bridge.name": "docker0" } }, "networkDriver"],
    [{ Options: { "com.docker.network.driver.mtu": "x" } }, "networkDriver"],
    [{ Options: { __proto__x: "1", constructor: "1" } }, "networkDriver"],
    [{ Labels: { [OWNER_LABEL]: OTHER } }, "ownerLabel"],
    [{ Name: "f".repeat(12) }, "name"],
    [{ Name: "docker_gwbridge" }, "name"],
    [{ Name: "ingress" }, "name"],
    [{ Name: "" }, "name"],
    [{ Name: "a b" }, "name"],
    [{ Strange: 1 }, "unknownField"],
  ])("%j is refused: %s", async (fields, check) => {
    expect(await why("POST /networks/create", { Name: "new", ...fields })).toContain(`(check ${check})`);
  });

  test.each([
    ["GET /v1.45/networks/back", `/v1.45/networks/${NET}`],
    ["GET /networks/back?verbose=true&scope=local", `/networks/${NET}?verbose=true&scope=local`],
    ["DELETE /networks/222222222222", `/networks/${NET}`],
  ])("%s acts on the full ID", async (line, target) => {
    expect(await sent(line)).toEqual({ target, body: null });
  });

  test("both the network and the container of connect and disconnect have to be the owner's", async () => {
    for (const call of ["connect", "disconnect"]) {
      expect(await sent(`POST /networks/back/${call}`, { Container: "web" })).toEqual({
        target: `/networks/${NET}/${call}`,
        body: { Container: MINE },
      });
      for (const network of ["others", "bridge", "host", "none", "nothing"])
        expect(await why(`POST /networks/${network}/${call}`, { Container: "web" })).toBe(
          `404 No such network: ${network}`,
        );
      for (const Container of ["theirs", "nobody", ""])
        expect(await why(`POST /networks/back/${call}`, { Container })).toBe(
          `404 No such container: ${Container}`,
        );
    }
    const EndpointConfig = { IPAMConfig: { IPv4Address: "10.0.0.1" } };
    expect(await why("POST /networks/back/connect", { Container: "web", EndpointConfig })).toContain(
      "check networkAddress",
    );
  });

  test("lists and prunes are for the owner's label, and a list's answer is filtered by it again", async () => {
    const filters = encodeURIComponent(`{"label":{"${OWNER_LABEL}=${ME}":true}}`);
    for (const line of ["GET /networks", "POST /networks/prune"])
      expect(await sent(line)).toEqual({ target: `${line.split(" ")[1]}?filters=${filters}`, body: null });
    const verdict = await ask("GET /networks");
    const all = [ME, OTHER].map((owner) => ({ Labels: { [OWNER_LABEL]: owner } }));
    expect(verdict.allow && verdict.answer?.mark.show([...all, null, { Name: "host" }])).toEqual([all[0]]);
  });
});

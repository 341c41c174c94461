import { beforeEach, expect, test } from "vitest";
import { askRole } from "../../../../../../test/support/policy/ask-role.ts";
import { CONFINED, containerOf, emptyEngine, ME } from "../../../../../../test/support/policy/engine.ts";
import { OWNER_LABEL } from "../../../../body/model/index.ts";
import { compileRole, defaultRole, type EngineLookup } from "../../../../index.ts";

/** Volumes that a container mounts; that another request fills; that this one has begun. */
const used = new Set(["used"]);
/** In use by a create that the gateway has not seen. */
const unseen = new Set(["unseen"]);
let others: Set<string>;
let begun: Set<string>;
beforeEach(() => {
  used.delete("filling");
  others = new Set(["filling"]);
  begun = new Set();
});

const engine: EngineLookup = {
  ...emptyEngine,
  inspectContainer: async (ref) => containerOf(ME, { ...CONFINED, volumes: [ref] }),
  inspectImage: async () => ({}),
  inspectVolume: async () => ({ [OWNER_LABEL]: ME }),
  hasContainerWith: async (name) => {
    // held before it is asked for: a container that appears afterwards cannot be started
    expect(begun.has(name)).toBe(true);
    return used.has(name);
  },
  hasHalfMadeContainerWith: async (name) => name === "halfmade",
  isUnused: async (name) => !used.has(name) && !unseen.has(name),
  fills: {
    begin: (name) => !others.has(name) && begun.add(name) === begun,
    whenEnded: async (name) => {
      others.delete(name);
      used.add(name);
    },
    end: (name) => void begun.delete(name),
    isBegun: (name) => others.has(name) || begun.has(name),
  },
};

const { sent, why } = askRole(compileRole(defaultRole("deployer")), engine);

async function createdWith(HostConfig: object): Promise<unknown> {
  const { body } = await sent("POST /v1.41/containers/create", { HostConfig });
  return (body as { HostConfig: unknown }).HostConfig;
}

test("a volume that nothing else uses is filled, and held until dockerd has answered", async () => {
  const HostConfig = { Binds: ["new:/data:ro"], Mounts: [{ Type: "volume", Source: "more", Target: "/m" }] };
  expect(await createdWith(HostConfig)).toEqual(HostConfig);
  // in one order for all requests
  expect([...begun]).toEqual(["more", "new"]);
});

test("a create is refused while the engine may fill the volume for one that the gateway has not seen", async () => {
  const said = await why("POST /v1.41/containers/create", { HostConfig: { Binds: ["unseen:/data"] } });
  expect(said).toContain("creating or removing a container that uses the volume unseen");
  expect([...begun]).toEqual([]);
});

test.each(["used", "filling"])("a volume is not filled: %s", async (name) => {
  const mount = { Type: "volume", Source: name, Target: "/m" };
  const HostConfig = {
    Binds: [`${name}:/a`, `${name}:/b:ro,z`, `${name}:/c:nocopy`, "new:/data"],
    Mounts: [mount, { ...mount, VolumeOptions: { NoCopy: false } }, { Type: "tmpfs", Target: "/t" }],
  };
  expect(await createdWith(HostConfig)).toEqual({
    Binds: [`${name}:/a:nocopy`, `${name}:/b:ro,z,nocopy`, `${name}:/c:nocopy`, "new:/data"],
    Mounts: [
      { ...mount, VolumeOptions: { NoCopy: true } },
      { ...mount, VolumeOptions: { NoCopy: true } },
      { Type: "tmpfs", Target: "/t" },
    ],
  });
  expect([...begun]).toEqual(["new"]);
});

test.each([
  ["deployer", "POST /containers/filling/start"],
  ["deployer", "POST /containers/filling/restart"],
  ["deployer", "PUT /containers/filling/archive?path=/"],
  ["operator", "POST /containers/filling/start"],
  ["operator", "POST /containers/filling/restart"],
  ["operator", "PUT /containers/filling/archive?path=/"],
  ["deployer", "POST /containers/halfmade/start"],
  ["deployer", "POST /containers/halfmade/restart"],
  ["deployer", "PUT /containers/halfmade/archive?path=/"],
  ["operator", "POST /containers/halfmade/start"],
  ["operator", "PUT /containers/halfmade/archive?path=/"],
] as const)("nothing changes a volume while it is filled: %s, %s", async (name, call) => {
  const role = askRole(compileRole(defaultRole(name)), engine);
  const body = call.startsWith("PUT") ? Buffer.alloc(1024) : "";
  expect(await role.why(call, body)).toMatch(/Docker is filling its volume (filling|halfmade)/);
  expect(await role.verdictOn(call.replace(/filling|halfmade/, "used"), body)).toMatchObject({ allow: true });
});

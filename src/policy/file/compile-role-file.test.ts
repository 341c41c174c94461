/** Roles that somebody has made: what they allow, and what is refused in a file. */
import { expect, test } from "vitest";
import { askRole } from "../../../test/support/policy/ask-role.ts";
import { emptyEngine, ME } from "../../../test/support/policy/engine.ts";
import { json } from "../../base/index.ts";
import { BUILDER_LABEL, OWNER_LABEL } from "../index.ts";
import { type OwnRole, readOwnRole } from "./compile-role-file.ts";

const least = { version: 1, name: "web-team", extends: "deployer" };
const read = (change: object) => json.read(JSON.stringify({ ...least, ...change }), readOwnRole);

function made(change: object = {}): OwnRole {
  const found = read(change);
  return "value" in found ? found.value : expect.fail(found.problems.join("\n"));
}

function problems(change: object): readonly string[] {
  const found = read(change);
  return "problems" in found ? found.problems : [];
}

const ask = ({ role }: OwnRole, line: string, body: unknown = "") => askRole(role).verdictOn(line, body);

async function why(own: OwnRole, line: string, body: unknown = ""): Promise<string> {
  const verdict = await ask(own, line, body);
  return verdict.allow ? verdict.rule : `${verdict.rule}: ${verdict.reason}`;
}

const CREATE = "POST /v1.41/containers/create?name=web";
const image = (limit: object) => made({ limits: { images: limit } });

test("an extended role decides as the built-in one, under its own name", async () => {
  expect(await why(made(), CREATE, { Image: "nginx", HostConfig: { Privileged: true } })).toMatch(
    /^deployer-create:privileged: the role web-team may not call ContainerCreate: HostConfig.Privileged is true/,
  );
  expect(await why(made(), CREATE, { Image: "nginx" })).toBe("deployer-create");
  expect(made().role).toMatchObject({
    name: "web-team",
    admin: false,
    unknown: { allow: false, rule: "role-unknown" },
  });
});

test("deny refuses, whatever allows it", async () => {
  const own = made({
    operations: { deny: ["ContainerExec", "Image*"], allow: ["ImageHistory"], allowAsRoot: ["ImagePush"] },
  });
  for (const line of ["POST /containers/a/exec", "GET /images/json", "POST /images/a/push"])
    expect(await why(own, line, "{}"), line).toMatch(
      /^role-deny: the role web-team may not call \w+: its role file denies it$/,
    );
  expect(await why(own, CREATE, { Image: "nginx" })).toBe("deployer-create");
});

test("what allow adds is decided as by the built-in role that may call it", async () => {
  const own = made({ extends: "viewer", operations: { allow: ["ContainerLogs", "ContainerCreate"] } });
  expect(await why(own, "GET /containers/a/logs")).toBe("viewer-logs");
  expect(await why(own, CREATE, { HostConfig: { Privileged: true } })).toMatch(/^deployer-create:privileged/);
});

test("a deployer to whom a file adds ImagePush pushes as a builder, and only where the file allows", async () => {
  const own = made({
    operations: { allow: ["ImagePush"] },
    limits: { registries: { allow: ["ghcr.io/team/*"] } },
  });
  const findImage = async () => ({
    ...{ id: `sha256:${ME}`, labels: { [BUILDER_LABEL]: ME }, hasTriggers: false, platform: "linux/amd64" },
  });
  const { verdictOn } = askRole(own.role, { ...emptyEngine, findImage });
  expect(await verdictOn("POST /images/ghcr.io/team/app/push?tag=1")).toMatchObject({
    ...{ allow: true, rule: "builder-push" },
  });
  expect(await verdictOn("POST /images/ghcr.io/other/app/push?tag=1")).toMatchObject({
    allow: false,
    rule: "role-limit:registries",
    reason:
      'the role web-team may not call ImagePush: the repository is "ghcr.io/other/app": push to ghcr.io/team/* (limit registries)',
  });
});

test("operations that only admins may call must be listed in allowAsRoot", async () => {
  expect(problems({ operations: { allow: ["PluginPull"] } })).toEqual([
    "operations.allow[0] (PluginPull) is for admins only, because nothing checks it; to allow it all the same, list it in allowAsRoot",
  ]);
  const own = made({ operations: { allowAsRoot: ["PluginPull", "ContainerCreate"] } });
  expect(await why(own, "POST /plugins/pull")).toBe("role-as-root");
  expect(await why(own, CREATE, { HostConfig: { Privileged: true } })).toBe("role-as-root");
});

test.each<[object, RegExp]>([
  [{ name: "builder" }, /^name must be lower-case letters and digits with a hyphen between/],
  [{ name: "-a" }, /^name must be/],
  [{ extends: "admin" }, /^extends must be/],
  [{ operatoins: {} }, /^operatoins is not known; known are version, name/],
  [
    { operations: { deny: ["ContainerExce"] } },
    /^operations\.deny\[0\] \(ContainerExce\) is not an operation .* did you mean ContainerExec\?$/,
  ],
  [{ operations: { deny: ["Foo*"] } }, /^operations\.deny\[0\] \(Foo\*\) matches no operation/],
  [
    { limits: { images: { allow: ["nginx:1"] } } },
    /^limits\.images\.allow\[0\] must be a repository without a tag/,
  ],
  [{ limits: { images: {} } }, /^limits\.images\.allow is missing/],
  [
    { limits: { labels: { require: { "IO.tetherdock.owner": "x" } } } },
    /^limits\.labels\.require\.IO\.tetherdock\.owner is not a name that is allowed here$/,
  ],
  [
    { operations: { allowAsRoot: ["ContainerCreate"] }, limits: { ports: { allow: [3000] } } },
    /^limits\.ports cannot check ContainerCreate, .*; take it out of operations\.allowAsRoot$/,
  ],
  [
    { limits: { images: { allow: [], mode: "off" } } },
    /^limits\.images\.mode must be "enforce" or "warn" or "audit"$/,
  ],
  [{ limits: { image: null } }, /^limits\.image is not known; known are images/],
  [{ extends: "viewer", limits: { images: { allow: ["a"] } } }, /^limits\.images has no effect/],
  [
    { limits: { registries: { allow: ["a"] } } },
    /^limits\.registries has no effect: the role may not push images$/,
  ],
  [
    {
      extends: "builder",
      operations: { allowAsRoot: ["ImagePush"] },
      limits: { registries: { allow: ["a"] } },
    },
    /^limits\.registries cannot check ImagePush/,
  ],
  [
    { operations: { allowAsRoot: ["ContainerCreate"] }, limits: { images: { allow: ["a"] } } },
    /^limits\.images cannot check ContainerCreate/,
  ],
  [
    { operations: { allowAsRoot: ["ImageTag"] }, limits: { images: { allow: ["a"] } } },
    /^limits\.images does not hold while the role may call ImageTag; list it in operations\.deny$/,
  ],
])("%j is refused", (change, problem) => {
  expect(problems(change)).toContainEqual(expect.stringMatching(problem));
});

test("enforce refuses with the value and what to use instead", async () => {
  const own = image({ allow: ["ghcr.io/team/*", "nginx"] });
  expect(await why(own, CREATE, { Image: "evil/miner" })).toBe(
    'role-limit:images: the role web-team may not call ContainerCreate: Image is "evil/miner": use an image from ghcr.io/team/*, nginx (limit images)',
  );
  expect(await why(own, CREATE, { Image: "ghcr.io/team/web:1" })).toBe("deployer-create");
  expect(await why(own, "POST /images/create?fromImage=evil/miner&tag=1")).toMatch(
    /^role-limit:images: .* fromImage is "evil\/miner:1"/,
  );
  expect(await why(own, "POST /images/create?fromImage=docker.io/library/nginx&tag=1")).toBe("deployer-pull");
  const h2c = { fieldValues: () => [] };
  const engine = { ...emptyEngine, version: async () => "28.5.2" };
  expect(await askRole(own.role).ask("POST /grpc", "", { upgrade: "h2c", h2c, engine })).toMatchObject({
    rule: "role-limit:images",
    reason: expect.stringContaining("a build could start from any image"),
  });
});

test("networks: a container joins a network of the client's own, but not the default bridge", async () => {
  const own = made({ limits: { networks: { allow: ["own"] } } });
  const id = "1".repeat(64);
  const engine = { ...emptyEngine, inspectNetwork: async () => ({ id, labels: { [OWNER_LABEL]: ME } }) };
  const run = (NetworkMode: string) =>
    askRole(own.role, engine).ask(CREATE, { Image: "nginx", HostConfig: { NetworkMode } });
  expect(await run("back")).toMatchObject({ allow: true, rule: "deployer-create" });
  for (const shared of ["", "default", "bridge", "none"])
    expect(await run(shared)).toMatchObject({ allow: false, rule: "role-limit:networks" });
  const unchecked = { operations: { allowAsRoot: ["NetworkConnect"] }, limits: { networks: { allow: [] } } };
  expect(problems(unchecked)).toContainEqual(
    expect.stringMatching(/^limits.networks cannot check NetworkConnect/),
  );
});

test("warn lets through, and adds the reason to the answer's warnings; audit tells the audit log only", async () => {
  const warned = await ask(image({ allow: ["nginx"], mode: "warn" }), CREATE, { Image: "evil" });
  expect(warned).toMatchObject({ allow: true, rule: "deployer-create warn:images" });
  expect(warned.allow && warned.answer?.mark.show({ Id: "1", Warnings: null })).toEqual({
    Id: "1",
    Warnings: ['tetherdock: the role web-team: Image is "evil": use an image from nginx (limit images)'],
  });
  const audited = await ask(image({ allow: ["nginx"], mode: "audit" }), CREATE, { Image: "evil" });
  expect(audited).toMatchObject({ allow: true, rule: "deployer-create audit:images", answer: null });
});

test.each([
  ["nginx", true],
  ["nginx:1.27", true],
  ["docker.io/nginx", true],
  ["index.docker.io/library/nginx", true],
  ["ghcr.io/team/a/b", true],
  ["ghcr.io/team", false],
  ["ghcr.io/teams/a", false],
  ["ghcr.io:443/team/a", false],
  ["other/nginx", false],
  ["localhost/nginx", false],
  ["Ghcr.io/team/a", false],
  // an engine looks up what it has no name for as the beginning of an ID
  ["cafe", false],
  ["cafe:1", true],
  ["sha256:cafe", false],
  ["", false],
  ["nginx@sha256:1", false],
  ["nginx@a@b", false],
  ["nginx ", false],
  ["ghcr.io/team/../x", false],
  ["a".repeat(600), false],
])("image %j: allowed is %j", async (name, allowed) => {
  const own = image({ allow: ["nginx", "cafe", "ghcr.io/team/**"] });
  expect((await ask(own, CREATE, { Image: name })).allow).toBe(allowed);
});

test("images by digest", async () => {
  const own = image({ allow: ["nginx"], digest: true });
  const digest = `sha256:${"a".repeat(64)}`;
  expect(await why(own, CREATE, { Image: "nginx:1" })).toMatch(/add its digest, as in nginx:1@sha256:…/);
  expect(await why(own, CREATE, { Image: `nginx@${digest}` })).toBe("deployer-create");
  expect(await why(own, `POST /images/create?fromImage=nginx&tag=${digest}`)).toBe("deployer-pull");
  // the tag takes the place of the digest
  expect(await why(own, `POST /images/create?fromImage=nginx@${digest}&tag=latest`)).toMatch(
    /^role-limit:images/,
  );
});

test("what is no operation is refused, with the role's name", () => {
  expect(made().role.unknown).toEqual({
    ...{ allow: false, rule: "role-unknown" },
    reason:
      "not an operation of the Docker Engine API as tetherdock knows it, and the role web-team may do nothing else",
  });
});

test("names that are no operations are told with their list and their place in it", () => {
  const operations = {
    allow: ["ContainerList", "Qqqqqqqqqq"],
    allowAsRoot: ["ImgeTag"],
    deny: ["Container*", "*Strange*"],
  };
  expect(problems({ operations })).toEqual([
    "operations.allow[1] (Qqqqqqqqqq) is not an operation of the Docker API",
    "operations.allowAsRoot[0] (ImgeTag) is not an operation of the Docker API; did you mean ImageTag?",
    "operations.deny[1] (*Strange*) matches no operation of the Docker API; *Strange* has to match a whole name",
  ]);
  expect(problems({ operations: { deny: ["ImagePull", "VolumeRm", "ContainerRemove"] } })).toEqual([
    expect.stringMatching(/did you mean ImageCreate\?$/),
    expect.stringMatching(/did you mean VolumeDelete\?$/),
    expect.stringMatching(/did you mean ContainerDelete\?$/),
  ]);
  expect(problems({ operations: { allow: ["PluginPull", "PluginPul*"] } })).toEqual([
    expect.stringMatching(/^operations\.allow\[0\] \(PluginPull\) is for admins only/),
  ]);
});

test("unknown operations are told also if something else is wrong", () => {
  const told = problems({
    extends: "admin",
    operations: { alow: ["Fo"], allow: ["ImgeTag"], deny: [7, "Fo"] },
  });
  expect(told).toContainEqual(expect.stringMatching(/^extends must be/));
  expect(told).toContainEqual(
    "operations.allow[0] (ImgeTag) is not an operation of the Docker API; did you mean ImageTag?",
  );
  expect(told.join()).not.toContain("(Fo)");
  expect(problems({ extends: "admin", operations: null })).toHaveLength(2);
});

test("a limit that several operations evade names all of them", () => {
  const limits = { images: { allow: ["nginx"] } };
  const evading = (...allowAsRoot: string[]) => problems({ operations: { allowAsRoot }, limits });
  expect(evading("ImageTag")).toEqual([
    "limits.images does not hold while the role may call ImageTag; list it in operations.deny",
  ]);
  expect(evading("ImageLoad", "ImageTag")).toEqual([
    "limits.images does not hold while the role may call ImageTag, ImageLoad; list them in operations.deny",
  ]);
});

test("a role inside something else: its place is told, and nothing is made of what is wrong", () => {
  const told: string[] = [];
  const complain = (at: string, text: string) => told.push(`${at} ${text}`);
  const wrong = { ...least, operations: { deny: ["Qqqqqqqqqq"] } };
  for (const at of ["roles[3]", ""]) expect(readOwnRole(wrong, at, complain)).toBeUndefined();
  expect(told).toEqual([
    "roles[3].operations.deny[0] (Qqqqqqqqqq) is not an operation of the Docker API",
    "operations.deny[0] (Qqqqqqqqqq) is not an operation of the Docker API",
  ]);
});

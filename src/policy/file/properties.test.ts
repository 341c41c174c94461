/** What holds for every role file: prohibitions only take away, permissions only add, and the order means nothing. */
import fc from "fast-check";
import { expect, test } from "vitest";
import { askRole } from "../../../test/support/policy/ask-role.ts";
import { json } from "../../base/index.ts";
import { operations } from "../../engine/index.ts";
import type { Decision } from "../decision.ts";
import { defaultRole, ROLES } from "../index.ts";
import { compileRole, type Role } from "../roles/compile.ts";
import { readOwnRole } from "./compile-role-file.ts";

const BASES = ROLES.flatMap(({ name, administers }) => (administers ? [] : [name]));
const base = fc.constantFrom(...BASES);
const names = fc.array(
  fc.oneof(
    fc.constantFrom(...operations.map(({ name }) => name)),
    fc.constantFrom("Container*", "*Prune", "*List", "*"),
  ),
  { maxLength: 6 },
);

function roleOf(parent: string, lists: object): Role | null {
  const source = { version: 1, name: "own-role", extends: parent, operations: lists };
  const read = json.read(JSON.stringify(source), readOwnRole);
  return "value" in read ? read.value.role : null;
}

/** Refused, judged or allowed: 0, 1 or 2. */
const level = (decision: Decision | undefined): number => {
  if (decision === undefined || decision.allow === false) return 0;
  return decision.allow === null ? 1 : 2;
};

/** @returns the operations of which the second role allows less */
function less(one: Role, other: Role): string[] {
  return operations
    .filter((operation) => level(other.decisions.get(operation)) < level(one.decisions.get(operation)))
    .map(({ name }) => name);
}

test("a role decides every operation, and refuses unknown ones", () => {
  fc.assert(
    fc.property(base, names, names, (parent, deny, allowAsRoot) => {
      const role = roleOf(parent, { deny, allowAsRoot });
      expect([...(role?.decisions.keys() ?? [])]).toEqual(operations);
      expect(role).toMatchObject({ admin: false, unknown: { allow: false } });
    }),
    { numRuns: 100 },
  );
});

test("a file that only denies never allows more than the role that it extends", () => {
  fc.assert(
    fc.property(base, names, (parent, deny) => {
      const before = compileRole(defaultRole(parent));
      const after = roleOf(parent, { deny });
      expect(after && less(after, before)).toEqual([]);
    }),
    { numRuns: 100 },
  );
});

test("one more name to allow never refuses what was allowed; one more to deny never allows what was refused", () => {
  const lists = fc.record({ deny: names, allow: names, allowAsRoot: names });
  let valid = 0;
  fc.assert(
    fc.property(base, lists, names, (parent, before, more) => {
      const one = roleOf(parent, before);
      for (const list of ["allow", "allowAsRoot"] as const) {
        const other = roleOf(parent, { ...before, [list]: [...before[list], ...more] });
        if (one && other) expect(less(one, other)).toEqual([]);
        if (one && other) valid++;
      }
      const narrower = roleOf(parent, { ...before, deny: [...before.deny, ...more] });
      if (one && narrower) expect(less(narrower, one)).toEqual([]);
    }),
    { numRuns: 200 },
  );
  expect(valid).toBeGreaterThan(20);
});

test("the order of names means nothing", () => {
  fc.assert(
    fc.property(base, names, names, (parent, deny, allowAsRoot) => {
      const one = roleOf(parent, { deny, allowAsRoot });
      const other = roleOf(parent, { deny: deny.toReversed(), allowAsRoot: allowAsRoot.toReversed() });
      const levels = (role: Role | null) =>
        operations.map((operation) => level(role?.decisions.get(operation)));
      expect(levels(other)).toEqual(levels(one));
    }),
    { numRuns: 50 },
  );
});

const PATHS = ["/srv/a", "/srv/b", "/srv/ab", "/opt/a/b"];
const entries = fc.uniqueArray(fc.record({ path: fc.constantFrom(...PATHS), readOnly: fc.boolean() }), {
  selector: ({ path }) => path,
});
const source = fc
  .tuple(
    fc.constantFrom(...PATHS, "/srv", "/", "/opt/a"),
    fc.constantFrom("", "/", "/x", "/..", "/.", "//x", "x"),
  )
  .map(([path, rest]) => `${path}${rest}`);
const options = fc.subarray(["ro", "rw", "z", "rshared", "rprivate"]).map((all) => all.join(","));
const asBind = fc
  .tuple(source, options)
  .map(([path, given]) => ({ Binds: [`${path}:/data${given && `:${given}`}`] }));
const asMount = fc
  .record({ Type: fc.constantFrom("bind", "volume"), Source: source, ReadOnly: fc.boolean() })
  .map((mount) => ({ Mounts: [{ ...mount, Target: "/data" }] }));

interface Sent {
  readonly HostConfig: {
    readonly Mounts: readonly { readonly Source: string; readonly ReadOnly: boolean }[];
  };
}

/** @returns what the engine gets; null: it is refused */
async function bound(binds: readonly object[], HostConfig: object): Promise<Sent | null> {
  const read = json.read(
    JSON.stringify({ version: 1, name: "own-role", extends: "deployer", binds }),
    readOwnRole,
  );
  const role = "value" in read ? read.value.role : expect.fail(read.problems.join());
  const verdict = await askRole(role).ask("POST /containers/create", { Image: "tiny", HostConfig });
  return verdict.allow ? (JSON.parse(verdict.body.toString()) as Sent) : null;
}

test("the engine gets exactly the paths of a file's binds, written as there; one more entry never refuses more", async () => {
  let passed = 0;
  await fc.assert(
    fc.asyncProperty(entries, entries, fc.oneof(asBind, asMount), async (binds, more, asked) => {
      const sent = await bound(binds, asked);
      if (sent === null) return;
      passed++;
      for (const { Source, ReadOnly } of sent.HostConfig.Mounts)
        expect(binds.some(({ path, readOnly }) => path === Source && (ReadOnly || !readOnly))).toBe(true);
      const others = more.filter(({ path }) => !binds.some((one) => one.path === path));
      expect(await bound([...binds, ...others], asked)).toEqual(sent);
    }),
    { numRuns: 1000 },
  );
  expect(passed).toBeGreaterThan(20);
});

const oneLimit = fc.constantFrom<object>(
  ...[["nginx"], ["nginx", "evil"]].map((allow) => ({ images: { allow } })),
  { images: { allow: ["nginx"], digest: true } },
  ...[[8080], ["8000-8999"]].map((allow) => ({ ports: { allow, dynamic: true } })),
  ...[1, 1000].map((min) => ({ users: { min } })),
  ...[[], ["CHOWN"]].map((allow) => ({ capabilities: { allow } })),
  ...[["no"], ["no", "always"]].map((allow) => ({ restart: { allow } })),
  ...[["none"], ["none", "bridge"]].map((allow) => ({ networks: { allow } })),
  { resources: { memory: "512m" } },
  { resources: { pids: 100 } },
);
const limitsOf = (all: readonly object[]): object => Object.assign({}, ...all);
const anyContainer = fc.record({
  Image: fc.constantFrom("nginx", "evil"),
  User: fc.constantFrom("0", "1000"),
  HostConfig: fc.record(
    {
      CapDrop: fc.constant(["ALL"]),
      CapAdd: fc.constantFrom(["CHOWN"], ["CHOWN"], ["SYS_ADMIN"]),
      RestartPolicy: fc.constantFrom({ Name: "always" }, { Name: "no" }),
      NetworkMode: fc.constantFrom("none", "bridge"),
      Memory: fc.constantFrom(1024 ** 2, 1024 ** 3),
      PidsLimit: fc.constantFrom(10, 1000),
      PortBindings: fc.constantFrom(
        ...["80", "8080", "8081", ""].map((HostPort) => ({ "80/tcp": [{ HostPort }] })),
      ),
    },
    { requiredKeys: [] },
  ),
});

/** @returns what the engine gets; null: it is refused */
async function created(limits: object, container: object): Promise<string | null> {
  const source = JSON.stringify({ version: 1, name: "own-role", extends: "deployer", limits });
  const read = json.read(source, readOwnRole);
  const role = "value" in read ? read.value.role : expect.fail(read.problems.join());
  const verdict = await askRole(role).ask("POST /containers/create", container);
  return verdict.allow ? verdict.body.toString() : null;
}

test("one more limit never allows more, and changes nothing of what the engine gets", async () => {
  let [passed, refused] = [0, 0];
  await fc.assert(
    fc.asyncProperty(
      fc.array(oneLimit, { maxLength: 2 }),
      oneLimit,
      anyContainer,
      async (some, more, container) => {
        const narrower = await created(limitsOf([more, ...some]), container);
        const wider = await created(limitsOf(some), container);
        if (narrower !== null) expect(wider).toBe(narrower);
        if (narrower !== null) passed++;
        else if (wider !== null) refused++;
      },
    ),
    { numRuns: 1000 },
  );
  expect(Math.min(passed, refused)).toBeGreaterThan(20);
});

/** Every role decides every call, in the same way each time, and allows nothing that is not decided. */
import { expect, test } from "vitest";
import { containerOf, emptyEngine, ME } from "../../test/support/policy/engine.ts";
import { Random } from "../../test/support/random.ts";
import { Bodies, placeOf } from "../../test/support/random-bodies.ts";
import { seed } from "../../test/support/sample.ts";
import { findOperation, type OperationCall, operations } from "../engine/index.ts";
import type { Mark } from "./body/mark.ts";
import { bodies, OWNER_LABEL } from "./body/model/index.ts";
import {
  type Asking,
  compileRole,
  decide,
  defaultRole,
  type EngineLookup,
  ROLE_NAMES,
  type Role,
} from "./index.ts";

const CALLS = 20;
const ID = "1".repeat(64);
const REFS = ["web", ID, "../x", "%2e%2e", "a%2Fb", "json", "ſ", "%00", "-", "sha256:1", ""];
const QUERIES = [
  ...[
    "",
    "?name=web",
    "?all=1&limit=2",
    "?filters=%7B%7D",
    '?filters={"label":["a"]}',
    "?x=%ff",
    "?name=a&name=b",
    "?;",
  ],
  ...[
    "?fromImage=debian&tag=12",
    "?stream=1&stdin=1",
    "?path=/etc",
    "?v=1&force=1&link=1",
    "?t=-1",
    "?limit=1e9",
    "?&&=",
  ],
];

const random = new Random(`${seed} every role decides`);
const made = new Bodies(random);
const places = new Map(Object.entries<Mark>(bodies).map(([name, mark]) => [name, placeOf(mark)]));
const anyPlace = placeOf(bodies.ContainerCreate);

function callOf({ method, path }: (typeof operations)[number]): OperationCall | null {
  const filled = path.replace(/\{\w+\}/g, () => random.pick(REFS));
  return findOperation(method, `${random.pick(["", "/v1.41", "/v1.99"])}${filled}${random.pick(QUERIES)}`);
}

/** What the engine says, by what it is asked: it must be the same when asked again. */
function engine(isMine: boolean, isThere: boolean): EngineLookup {
  const labels = isMine ? { [OWNER_LABEL]: ME } : {};
  const made: EngineLookup = { ...emptyEngine, createVolume: async () => labels };
  if (!isThere) return made;
  return {
    ...made,
    inspectContainer: async (image) => containerOf(ME, { image, labels, volumes: ["data"] }),
    inspectImage: async () => ({}),
    inspectNetwork: async () => ({ id: ID, labels }),
    inspectVolume: async () => labels,
    inspectExec: async (id) => ({ id, containerId: ID, isPrivileged: false }),
  };
}

function askingAny(): Asking {
  return {
    owner: random.chance(90) ? ME : null,
    contentType: random.pick([
      ["application/json"],
      [],
      ["text/plain"],
      ["application/json", "application/json"],
    ]),
    contentEncoding: random.chance(90) ? [] : ["gzip"],
    upgrade: random.pick(["", "", "tcp", "h2c"]),
    holds: () => {},
    mayKeep: () => true,
    ifLeft: () => {},
    chance: () => false,
    inTurn: (work) => work(),
    engine: engine(random.chance(60), random.chance(80)),
  };
}

async function verdict(
  role: Role,
  call: OperationCall | null,
  body: Buffer,
  asking: Asking,
): Promise<unknown> {
  const decision = decide(role, call);
  if (decision.allow !== null || call === null) return decision;
  return decision.judge(Buffer.from(body), call, asking);
}

interface Decided {
  readonly allow: boolean;
  readonly reason?: string;
  readonly target?: string;
}

/** A rewritten target calls the same operation in the same version, and acts on what was looked up. */
function expectSame(call: OperationCall | null, target: string): void {
  const again = findOperation(call?.operation.method ?? "", target);
  expect([again?.operation.name, again?.version]).toEqual([call?.operation.name, call?.version]);
  const known = [ID, ...Object.values(call?.params ?? {})];
  for (const id of Object.values(again?.params ?? {})) expect(known).toContain(id);
}

test.each(ROLE_NAMES.map((name) => [name]))(
  "%s decides random calls of every operation, and in the same way again",
  async (name) => {
    const [role, again] = [compileRole(defaultRole(name)), compileRole(defaultRole(name))];
    for (const operation of operations)
      for (let count = CALLS; count > 0; count--) {
        const call = callOf(operation);
        const body = random.chance(20) ? Buffer.alloc(0) : made.body(places.get(operation.name) ?? anyPlace);
        const asking = askingAny();
        const decided = (await verdict(role, call, body, asking)) as Decided;
        expect(decided).toMatchObject({
          allow: expect.any(Boolean),
          rule: expect.stringMatching(/^[\w:. -]+$/),
        });
        if (!decided.allow) expect(decided.reason).toMatch(/\S/);
        else if (decided.target !== undefined) expectSame(call, decided.target);
        const repeated = await verdict(again, call, body, asking);
        expect(JSON.stringify(repeated)).toBe(JSON.stringify(decided));
      }
  },
);

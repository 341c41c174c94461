/** An engine may answer anything, with texts of images and containers: showing it never fails, because that would end the gateway. */
import { expect, test } from "vitest";
import { containerOf, emptyEngine, ME } from "../../test/support/policy/engine.ts";
import { Random } from "../../test/support/random.ts";
import { seed } from "../../test/support/sample.ts";
import { findOperation, type OperationCall, operations } from "../engine/index.ts";
import { answers } from "./answers/index.ts";
import type { Mark } from "./answers/mark.ts";
import {
  type Answer,
  compileRole,
  decide,
  type EngineLookup,
  OWNER_LABEL,
  ROLE_NAMES,
  type Role,
  widestRole,
} from "./index.ts";

const ID = "1".repeat(64);
const VALUES = 40;
const labels = { [OWNER_LABEL]: ME };
const ODD: readonly unknown[] = [
  ...[
    null,
    true,
    false,
    0,
    -1,
    1.5,
    "",
    "\0",
    "\ud800",
    ":",
    "/",
    "=",
    "@",
    "sha256:",
    "a:b:c/d",
    ID,
    OWNER_LABEL,
  ],
  ...["__proto__", "constructor", [], {}, [null], [[]], { "": null }, labels, [labels], { toString: 1 }],
];

const engine: EngineLookup = {
  ...emptyEngine,
  inspectContainer: async (image) => containerOf(ME, { image, labels, volumes: ["data"] }),
  inspectImage: async () => labels,
  inspectNetwork: async () => ({ id: ID, labels }),
  inspectVolume: async () => labels,
  createVolume: async () => labels,
  inspectExec: async (id) => ({ id, containerId: ID, isPrivileged: false }),
};

/** What the role is shown of the call's answer; null: all, or the call is refused. */
async function answerOf(role: Role, call: OperationCall | null): Promise<Answer | null> {
  const decision = decide(role, call);
  if (decision.allow === null && call !== null) {
    const asking = { owner: ME, contentType: ["application/json"], contentEncoding: [], upgrade: "", engine };
    const verdict = await decision.judge(Buffer.from("{}"), call, {
      ...asking,
      holds: () => {},
      mayKeep: () => true,
      ifLeft: () => {},
      chance: () => true,
      inTurn: (work) => work(),
    });
    return verdict.allow ? verdict.answer : null;
  }
  return decision.allow === true ? decision.answer : null;
}

/** A value such as the mark expects, with other things in some places. */
function valueFor(random: Random, { fields }: Pick<Mark, "fields">, depth = 0): unknown {
  if (depth > 5 || random.chance(15)) return random.pick(ODD);
  if (random.chance(15))
    return Array.from({ length: random.below(3) }, () => valueFor(random, { fields }, depth + 1));
  if (fields === null)
    return random.chance(80) ? random.pick(ODD) : { a: random.pick(ODD), "a:b": random.pick(ODD) };
  const names = Object.entries(fields).filter(() => random.chance(70));
  const made = names.map(([name, mark]) => [name, valueFor(random, mark, depth + 1)]);
  const more = random.chance(40)
    ? [
        ["Labels", random.pick(ODD)],
        ["Config", valueFor(random, { fields: null })],
      ]
    : [];
  return Object.fromEntries([...made, ...more]);
}

test.each(ROLE_NAMES.map((name) => [name]))("%s is shown any answer", async (name) => {
  const random = new Random(`${seed} odd answers ${name}`);
  const role = compileRole(widestRole(name));
  const shown = new Set<string>();
  for (const { method, path, name: operation } of operations) {
    const call = findOperation(method, `/v1.45${path.replace(/\{\w+\}/g, "web")}`);
    const found = [await answerOf(role, call), answers.get(operation) ?? null];
    for (const answer of found.filter((one) => one !== null)) {
      shown.add(operation);
      for (let count = VALUES; count > 0; count--) {
        const value = valueFor(random, answer.mark);
        expect(
          () => JSON.stringify(answer.mark.show(value)),
          `${operation} ${JSON.stringify(value)}`,
        ).not.toThrow();
      }
    }
  }
  expect(shown.size).toBeGreaterThanOrEqual(20);
});

/**
 * A body that we let through is read by Go as what we judged. Docker decodes bodies with Go's encoding/json, whose rules
 * (names in any case, the last of duplicates, characters replaced) are written down nowhere but in its source, so the real
 * decoder is asked: Debian's Go compiles the program beside this file, which is why scripts/test installs `golang-go`.
 *
 * 20,000 bodies, others every day; 1,000,000 with `scripts/test --all`. TETHERDOCK_SEED=DATE makes that day's again.
 */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { readJson } from "../../src/policy/body/json/read-json.ts";
import type { JsonValue } from "../../src/policy/body/json/value.ts";
import { judgeBody } from "../../src/policy/body/judge-body.ts";
import type { Mark } from "../../src/policy/body/mark.ts";
import { bodies } from "../../src/policy/body/model/index.ts";
import { Random } from "../support/random.ts";
import { Bodies, forbiddenPlaces, placeOf } from "../support/random-bodies.ts";
import { everything, seed } from "../support/sample.ts";
import { GoReader, type GoReading } from "./go-reader.ts";
import { written } from "./written.ts";

const COUNT = everything ? 1_000_000 : 20_000;
const BATCH = 2_000;
const models = Object.entries<Mark>(bodies);
const absent = models.flatMap(([operation, mark]) =>
  forbiddenPlaces(mark).map((place) => `${operation}:${place}`),
);

let folder: string;
let go: GoReader;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "tetherdock-go-"));
  go = new GoReader(folder, absent);
}, 120_000);
afterAll(async () => {
  await go?.end();
  await rm(folder, { recursive: true, force: true });
});

type Read = { readonly value: JsonValue } | { readonly why: string };

function ours(body: Buffer): Read {
  try {
    return { value: readJson(body) };
  } catch (error) {
    return { why: (error as Error).message };
  }
}

interface Case {
  readonly operation: string;
  readonly mark: Mark;
  readonly body: Buffer;
}

const tally = new Map<string, number>();
const count = (what: string) => tally.set(what, (tally.get(what) ?? 0) + 1);

/** What we read is what Go reads; what Go reads and we refuse is refused for a reason that is not syntax. */
function compareReading({ body }: Case, { plain }: GoReading): void {
  const read = ours(body);
  if ("value" in read) {
    if (plain !== written(read.value)) throw new Error(`Go reads ${plain}, not ${written(read.value)}`);
    return;
  }
  count(read.why.replace(/".*"/s, "…"));
  if (read.why.includes("is not JSON") && !plain.startsWith("error:")) throw new Error(`Go reads ${plain}`);
}

const TYPE_ERROR = /^type of \S*: /;

/** The engine would refuse a value of another type in a forbidden field; we leave the field out when the value is empty. */
function isLeftOut({ operation }: Case, was: GoReading, is: GoReading): boolean {
  const [, place, rest] = /^type of (\S*): (.*)$/s.exec(was.typed) ?? [];
  return (
    place !== undefined &&
    absent.includes(`${operation}:${place}`) &&
    rest === is.typed.replace(TYPE_ERROR, "")
  );
}

async function compare(cases: readonly Case[]): Promise<void> {
  const judged = cases.map(({ body, mark }) => judgeBody(body, mark));
  const passed = judged.flatMap((one, index) => (Buffer.isBuffer(one) ? [{ index, body: one }] : []));
  const operationOf = (index: number) => cases[index]?.operation ?? "";
  const rewritten = passed.map(({ index, body }) => ({ operation: operationOf(index), body }));
  const readings = await go.read([...cases, ...rewritten]);
  const [before, after] = [readings.slice(0, cases.length), readings.slice(cases.length)];
  const check = (one: Case, how: () => void) => {
    try {
      how();
    } catch (error) {
      throw new Error(
        `${one.operation} ${JSON.stringify(one.body.toString("latin1"))}: ${(error as Error).message}`,
      );
    }
  };
  cases.forEach((one, index) => {
    check(one, () => compareReading(one, before[index] as GoReading));
  });
  passed.forEach(({ index, body }, at) => {
    const one = cases[index] as Case;
    const [was, is] = [before[index] as GoReading, after[at] as GoReading];
    count("passed");
    check(one, () => {
      compareReading({ ...one, body }, is);
      if (was.typed === is.typed)
        count(/^(?:error|type of)/.test(is.typed) ? "passed, and Go refuses both" : "passed, read");
      else if (isLeftOut(one, was, is)) count("passed, an empty value of a wrong type left out");
      else throw new Error(`Go reads ${was.typed}\nbut after us ${is.typed}`);
    });
  });
}

test(`Go reads ${COUNT} random bodies as we do, or we refuse them`, { timeout: 1_800_000 }, async () => {
  const random = new Random(`${seed} Go's decoder`);
  const made = new Bodies(random);
  const places = models.map(([operation, mark]) => ({ operation, mark, place: placeOf(mark) }));
  for (let done = 0; done < COUNT; done += BATCH) {
    const cases = Array.from({ length: BATCH }, (): Case => {
      const { operation, mark, place } = random.chance(70)
        ? (places[0] ?? random.pick(places))
        : random.pick(places);
      return { operation, mark, body: made.body(place) };
    });
    await compare(cases);
  }
  console.log(
    `Go's decoder: TETHERDOCK_SEED=${seed}, ${COUNT} bodies: ${JSON.stringify(Object.fromEntries(tally))}`,
  );
  expect(tally.get("passed, read") ?? 0).toBeGreaterThan(COUNT / 5);
});

const HOST = '["/:/host"]';

test.each([
  ["a name in another case", `{"hostconfig":{"BINDS":${HOST}}}`],
  ["a long s", `{"HoſtConfig":{"Bindſ":${HOST}}}`],
  ["an escaped name", `{"HostConfig":{"\\u0042inds":${HOST}}}`],
  ["the last of duplicates", `{"HostConfig":{"Binds":null},"HostConfig":{"Binds":${HOST}}}`],
  ["the last of duplicates in two cases", `{"HostConfig":{"Binds":[],"binds":${HOST}}}`],
  ["two objects as one", `{"HostConfig":{"Binds":${HOST}},"hostConfig":{"Memory":0}}`],
  ["nothing after the first value", `{"HostConfig":{"Binds":${HOST}}}{"HostConfig":{}}`],
  ["bytes that are not UTF-8", Buffer.from(`{"Image":"\xff","HostConfig":{"Binds":${HOST}}}`, "latin1")],
])("Go reads %s as a bind of the host's root, and the body is refused", async (_how, text) => {
  const body = Buffer.from(text);
  const [reading] = await go.read([{ operation: "ContainerCreate", body }]);
  expect(reading?.typed).toContain('Binds:["/:/host"]');
  expect(judgeBody(body, bodies.ContainerCreate)).toHaveProperty("refuse");
});

/** Each attempt has a source, and no source is without an attempt. */
import { expect, test } from "vitest";
import { BEYOND } from "./binds.ts";
import { buildCalls, builds } from "./builds.ts";
import { calls } from "./calls.ts";
import { classicBuilds } from "./classic.ts";
import { closedCalls } from "./closed.ts";
import { creates } from "./creates.ts";
import { fills } from "./fills.ts";
import { images } from "./images.ts";
import { networks } from "./networks.ts";
import { SOURCES, sourceOf } from "./sources.ts";
import { uploads } from "./uploads.ts";
import { volumes } from "./volumes.ts";
import { ways } from "./ways.ts";

const refused = [
  creates,
  calls,
  volumes,
  networks,
  ways,
  closedCalls,
  images,
  builds,
  classicBuilds,
  buildCalls,
];
const named = [...fills.map(({ name }) => name), ...uploads.map(({ name }) => name), ...BEYOND];
const all = [
  ...refused.flat().map(({ name, refusal }) => ({ name, refusal })),
  ...named.map((name) => ({ name, refusal: "" })),
];

test("each source has an attempt", () => {
  const used = new Set(all.map(({ name, refusal }) => sourceOf(name, refusal)));
  expect(SOURCES.map(([, source]) => source).filter((source) => !used.has(source))).toEqual([]);
});

test("most attempts are from somewhere else than Docker's specifications", () => {
  const specified = all.filter(({ name, refusal }) =>
    sourceOf(name, refusal).startsWith("Docker Engine API"),
  );
  expect(specified.length).toBeLessThan(all.length / 6);
});

test.each([
  ["HostConfig CapAdd ALL", "Pod Security Standards"],
  ["a long s in Bindſ", "keys in other cases"],
  ["HostConfig twice in two cases", "keys twice"],
  ["a bind of / behind a create without a body", "CVE-2024-41110"],
  ["another's container under a name that was free when it was asked for", "an absence that is kept"],
  ["a list filtered by the other's label", "widen a list"],
  ["HostConfig SecurityOpt label", "Pod Security Standards"],
  ["-v /srv/shop/../..:/host", "a link in a volume"],
  ["steps that are sent directly", "build steps without a frontend"],
  ["the swarm: its tokens", "Docker Engine API"],
])("%s: %s", (attempt, source) => {
  const found = all.find(({ name }) => name === attempt) ?? expect.fail("no such attempt");
  expect(sourceOf(found.name, found.refusal)).toContain(source);
});

import { expect, test } from "vitest";
import { keepLine, noSsh, seenByAll, VisitWorld } from "../../../test/support/app/visit-world.ts";
import { OPEN } from "../../../test/support/subject.ts";
import { topology } from "./topology.ts";

test("shows the paths to one target, and the matrix of its listeners", async () => {
  const world = new VisitWorld();
  await keepLine(world.lines);
  world.endpoints.set("192.0.2.7:2375", { ...seenByAll(OPEN), offer: null });
  const result = await topology(world.ports, { word: "vps", local: false, ssh: undefined });
  expect(result.topology.name).toBe("vps");
  expect(result.topology.entrances.flatMap(({ ways }) => ways.map(({ access }) => access))).toContain("open");
  expect(result.matrix).toHaveLength(4);
  expect(result.insideMissing).toBeNull();
});

test("without an inspection from inside there is no matrix, and the reason is given", async () => {
  const world = new VisitWorld();
  await keepLine(world.lines);
  world.unreachable = noSsh;
  const result = await topology(world.ports, { word: undefined, local: false, ssh: undefined });
  expect(result.matrix).toEqual([]);
  expect(result.insideMissing).toContain("does not accept your key");
});

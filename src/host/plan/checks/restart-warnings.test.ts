import { expect, test } from "vitest";
import { hostFacts } from "../../../../test/support/host-facts.ts";
import { restartWarnings } from "./restart-warnings.ts";

const container = (name: string, restart: string) => ({ name, restart });
const facts = (count: number, restart: string) =>
  hostFacts({}, { containers: Array.from({ length: count }, (_, at) => container(`c${at}`, restart)) });

test("no containers, or docker keeps them running: no warning", () => {
  expect(restartWarnings(facts(0, "no"))).toEqual([]);
});

test("a few containers are named; of many, the first ones and the number of others", () => {
  expect(restartWarnings(facts(1, "no"))[0]).toBe(
    "restarting docker stops 1 running container, not started again: c0",
  );
  expect(restartWarnings(facts(2, "always"))[0]).toBe(
    "restarting docker stops and starts 2 running containers: c0, c1",
  );
  expect(restartWarnings(facts(5000, "no"))[0]).toBe(
    "restarting docker stops 5000 running containers, not started again: c0, c1, c2, c3, c4, c5, c6, c7 and 4992 more",
  );
});

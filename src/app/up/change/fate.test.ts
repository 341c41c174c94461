import { expect, test } from "vitest";
import { hostFacts } from "../../../../test/support/host-facts.ts";
import { TetherdockError } from "../../../base/index.ts";
import type { UpRequest } from "../request.ts";
import { withFate, withHistory, withMoreTime } from "./fate.ts";

const error = (code: ConstructorParameters<typeof TetherdockError>[0]) =>
  new TetherdockError(code, "it failed");
const bug = new Error("a bug");

test("docker that was not running before may have failed for the same reason", () => {
  const failed = error("DOCKER_START_FAILED");
  const why = ["docker was not running before, either"];
  expect(withHistory(failed, hostFacts({ active: false }))).toMatchObject({ code: failed.code, why });
  expect(withHistory(failed, hostFacts({ active: true }))).toBe(failed);
  const other = error("FILE_FAILED");
  for (const one of [other, bug]) expect(withHistory(one, hostFacts({ active: false }))).toBe(one);
});

test("only a confirmation that came too late suggests more time", () => {
  const request = { target: "root@vps", confirmWithin: 60_000 } as unknown as UpRequest;
  for (const one of [error("FILE_FAILED"), error("DOCKER_START_FAILED"), bug])
    expect(withMoreTime(one, request)).toBe(one);
});

test("an error that is a bug is passed on as it is", () => {
  expect(withFate(bug, "undone", 1000)).toBe(bug);
  expect(withFate(error("FILE_FAILED"), "pending", 1_001)).toMatchObject({
    why: [expect.stringContaining("within 2 s")],
    details: { undone: false },
  });
  expect(withFate(error("FILE_FAILED"), "undone", 0)).toMatchObject({ details: { undone: true } });
});

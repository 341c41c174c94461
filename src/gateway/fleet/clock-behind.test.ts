/** A host whose clock is behind: versions and revocations count as ever, and the list's end comes late. */
import { expect, test } from "vitest";
import { accept, key, made, states } from "../../../test/support/fleet/fleet-in-force.ts";
import { fleetClient, fleetList, signNext } from "../../../test/support/fleet/sample-fleet.ts";
import { DAY_MS } from "../../base/index.ts";

const EVE = fleetClient("eve");
const CAROL = fleetClient("carol", { expires: new Date(Date.now() + 10 * DAY_MS).toISOString() });
const BOTH = fleetList({ clients: [EVE, CAROL] });
const validMs = 30 * DAY_MS;

/** The host is a year behind whoever signs. */
async function behind() {
  const stage = made();
  stage.time.now -= 365 * DAY_MS;
  const first = signNext(null, key, BOTH, { validMs });
  expect(await accept(stage.fleet, first)).toEqual({ isNews: true });
  return { ...stage, first, signed: () => stage.fleet.kept ?? expect.fail("it is in no fleet") };
}

test("a newer list is taken, what it revokes counts at once, and an older list is refused", async () => {
  const { fleet, make, first, signed } = await behind();
  const revoking = { ...BOTH, revoked: [EVE.fingerprint ?? ""] };
  expect(await accept(fleet, signNext(signed(), key, revoking, { validMs }))).toEqual({ isNews: true });
  const expected = [
    ["eve", "revoked", null],
    ["carol", "active", CAROL.expires],
  ];
  expect(states(fleet)).toEqual(expected);
  expect(await accept(fleet, first)).toEqual({
    refused: expect.stringContaining("less than current version"),
  });
  const again = make();
  await again.load();
  expect(states(again)).toEqual(expected);
});

test("a list that has ended goes on, until the clock is set: then it ends at once", async () => {
  const { fleet, time, onChange, signed } = await behind();
  const { until } = signed().view;
  // Everybody else's clock is a day past the end.
  time.now = until + DAY_MS - 365 * DAY_MS;
  onChange.mockClear();
  fleet.sweep();
  expect(onChange).not.toHaveBeenCalled();
  expect(states(fleet)).toEqual([
    ["eve", "active", null],
    ["carol", "active", CAROL.expires],
  ]);
  time.now += 365 * DAY_MS;
  fleet.sweep();
  expect(onChange).toHaveBeenCalledTimes(1);
  expect(states(fleet).map(([, , expires]) => expires)).toEqual(
    Array.from({ length: 2 }, () => new Date(until).toISOString()),
  );
});

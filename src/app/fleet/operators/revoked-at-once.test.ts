/** Two operators who revoke at the same moment, each before they see what the other has published: nothing of it is lost. */
import { expect, test } from "vitest";
import { failureOf } from "../../../../test/support/app/change.ts";
import { PROPOSED, pair, sign } from "../../../../test/support/fleet/pair.ts";
import { enrol } from "../../../../test/support/fleet/team.ts";
import { pushFleet } from "../fleet.ts";
import { revokeFleetClient } from "../fleet-clients.ts";
import { takeNewest } from "../newest-list.ts";
import { openFleet } from "../open-fleet.ts";
import type { FleetPorts } from "../ports.ts";
import { missing } from "../results.ts";

/** Anna revokes Mallory, and Ben Nina; the store has what Anna has published. */
async function revokedAtOnce() {
  const stage = await pair();
  const { anna, ben, texts } = stage;
  expect(await failureOf(enrol(anna, "nina"))).toMatchObject(PROPOSED);
  await sign(ben);
  await takeNewest(anna, await openFleet(anna, undefined));
  const before = texts.get("web") ?? "";
  await revokeFleetClient(anna, undefined, "mallory");
  const annas = texts.get("web") ?? "";
  texts.set("web", before);
  await revokeFleetClient(ben, undefined, "nina");
  texts.set("web", annas);
  return stage;
}

const revokedOn = async (who: FleetPorts) => {
  const { kept } = await takeNewest(who, await openFleet(who, undefined));
  return kept.view.list.clients.filter(({ state }) => state === "revoked").map(({ name }) => name);
};

test("of two operators who revoke at once, one pushes, and every machine has both revocations", async () => {
  const { anna: quiet, ben, host } = await revokedAtOnce();
  const told: string[] = [];
  const anna: FleetPorts = { ...quiet, tell: (text) => void told.push(text) };
  expect(await failureOf(enrol(ben, "carol"))).toMatchObject({
    code: "FLEET_CONFLICT",
    hints: [
      "tetherdock fleet push --fleet acme   # signs the list again, with what either machine has revoked",
    ],
  });
  const { fleet, hosts } = await pushFleet(ben, undefined);
  expect(missing(fleet, hosts)).toBeNull();
  for (const who of [anna, ben]) expect(await revokedOn(who)).toEqual(["mallory", "nina"]);
  expect(told[0]).toBe(
    `took version ${fleet.kept.view.version} from the store, signed by ben@desk; changed clients: nina; newly revoked: 1 key`,
  );
  expect(JSON.parse(host("one").kept?.revoked ?? "").revoked).toHaveLength(2);
  expect(await failureOf(enrol(anna, "carol"))).toMatchObject(PROPOSED);
});

test("or revokes again, which does not take back what the other has revoked", async () => {
  const { anna, ben } = await revokedAtOnce();
  const { fleet, hosts } = await revokeFleetClient(ben, undefined, "nina");
  expect(missing(fleet, hosts)).toBeNull();
  for (const who of [anna, ben]) expect(await revokedOn(who)).toEqual(["mallory", "nina"]);
});

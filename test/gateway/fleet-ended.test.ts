/** The list of a host's fleet ends: who gets in from then on, and what gateway.json says about it. */
import { afterEach, beforeEach, expect, test } from "vitest";
import { fleetClient, fleetList, makeOperator, signNext } from "../support/fleet/sample-fleet.ts";
import { call } from "./support/call.ts";
import { answer, ask } from "./support/fake-docker.ts";
import type { Identity } from "./support/identities.ts";
import { Stage } from "./support/stage.ts";

let stage: Stage;
beforeEach(async () => {
  stage = await Stage.make();
  stage.docker.answerAll(answer(200, "OK"));
});
afterEach(() => stage.end());

async function statusOf(client: Identity): Promise<number> {
  const wire = await stage.connect(client);
  wire.send(ask("/_ping"));
  const text = await wire.sees(/HTTP\/1.1 \d+/);
  wire.destroy();
  return Number(/\d{3}/.exec(text.slice("HTTP/1.1".length))?.[0]);
}

const letIn = (roles: readonly string[]) =>
  stage.takenOver("the settings for the fleet", () =>
    stage.write("gateway.json", JSON.stringify({ ...stage.config(), fleet: { rolesAfterEnd: roles } })),
  );

test("all of the fleet's clients lose access, but for the roles that gateway.json names", async () => {
  const [eve, max] = await Promise.all([stage.identities.client("eve"), stage.identities.client("max")]);
  const clients = [
    fleetClient("eve", { fingerprint: eve.fingerprint, role: "viewer" }),
    fleetClient("max", { fingerprint: max.fingerprint, role: "admin" }),
  ];
  const anna = await stage.connect();
  const key = makeOperator();
  const list = (validMs: number) => signNext(null, key, fleetList({ clients }), { validMs });
  expect(await call(anna, "PUT", "fleet", list(2_000))).toMatchObject({ status: 200 });
  const both = async () => [await statusOf(eve), await statusOf(max)];
  expect(await both()).toEqual([200, 200]);
  await expect.poll(both, { timeout: 10_000 }).toEqual([403, 403]);
  await letIn(["viewer"]);
  expect(await both()).toEqual([200, 403]);
  await letIn([]);
  expect(await both()).toEqual([403, 403]);
  anna.destroy();
});

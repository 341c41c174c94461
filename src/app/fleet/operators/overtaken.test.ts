/** Another operator publishes while this one waits for the hosts: whether they have this one's change too. */
import { expect, test } from "vitest";
import { failureOf } from "../../../../test/support/app/change.ts";
import { PROPOSED, pair, sign } from "../../../../test/support/fleet/pair.ts";
import { sampleReceipt } from "../../../../test/support/fleet/sample-fleet.ts";
import { enrol } from "../../../../test/support/fleet/team.ts";
import { json } from "../../../base/index.ts";
import {
  type FleetDocuments,
  formatPublication,
  type OperatedFleet,
  readProposal,
  revokeClient,
  signProposal,
} from "../../../fleet/index.ts";
import { pushFleet } from "../fleet.ts";
import { revokeFleetClient } from "../fleet-clients.ts";
import { takeNewest } from "../newest-list.ts";
import { finishList, openFleet, publishRevoked } from "../open-fleet.ts";
import type { FleetPorts } from "../ports.ts";
import { missing } from "../results.ts";
import { signingKey } from "./own-key.ts";

const versionOf = ({ timestamp }: FleetDocuments): number =>
  (json.parse(timestamp) as unknown as { signed: { version: number } }).signed.version;
const newest = async (who: FleetPorts) => takeNewest(who, await openFleet(who, undefined));

/** Mallory and Nina are clients. The host has whatever the store has, and says so by its receipt. */
async function twoClients() {
  const stage = await pair();
  const { anna, ben, state, host, texts } = stage;
  expect(await failureOf(enrol(anna, "nina"))).toMatchObject(PROPOSED);
  await sign(ben);
  await newest(anna);
  host("one").isAway = true;
  state.receipts = (published) =>
    published === null
      ? []
      : [host("one").sign(sampleReceipt("one", versionOf(published), { closed: 1 }), published)];
  /** Ben revokes Mallory, and Anna publishes before the host takes that. */
  const overtaken = async (
    makes: () => Promise<OperatedFleet>,
    { takesReceipts, ...ports } = { ...ben, takesReceipts: true },
  ) => {
    const openStore: FleetPorts["openStore"] = async (...place) => {
      const store = await ben.openStore(...place);
      const publish: typeof store.publish = async (...list) => {
        await store.publish(...list);
        const { documents } = (await makes()).kept;
        await store.publish(formatPublication(documents), versionOf(documents), documents.hosts);
      };
      return { ...store, publish, ...(takesReceipts ? {} : { receipts: () => null }) };
    };
    return revokeFleetClient({ ...ports, openStore }, undefined, "mallory");
  };
  const revokedOn = async (who: FleetPorts) =>
    (await newest(who)).kept.view.list.clients.flatMap(({ name, state: is }) =>
      is === "revoked" ? [name] : [],
    );
  return { ...stage, overtaken, revokedOn, texts };
}

test("a later list that follows has the revocation, and so has a host whose receipt is for it", async () => {
  const { anna, told, overtaken } = await twoClients();
  const { fleet, hosts, since } = await overtaken(async () => {
    const { kept, ...rest } = await newest(anna);
    return publishRevoked(anna, { ...rest, kept }, revokeClient(kept.view.list, "nina"));
  });
  expect(since).toBe(fleet.kept.view.version - 1);
  expect(hosts).toMatchObject([{ stored: { inForce: fleet.kept.view.version, closed: 1 }, doubt: null }]);
  expect(missing(fleet, hosts, since)).toBeNull();
  expect(told.at(-1)).toMatch(/^took version \d+ from the store, signed by anna@laptop; .*nina/);
});

test("without receipts, a host that refuses this one's list over the line is asked for the later one", async () => {
  const { anna, ben, overtaken, host } = await twoClients();
  const later = Promise.withResolvers<void>();
  const call: typeof ben.gateway.call = async (...asked) => {
    await later.promise;
    return ben.gateway.call(...asked);
  };
  const makes = async () => {
    const { kept, ...rest } = await newest(anna);
    const signed = await publishRevoked(anna, { ...rest, kept }, revokeClient(kept.view.list, "nina"));
    Object.assign(host("one"), { kept: signed.kept.documents, isAway: false });
    later.resolve();
    return signed;
  };
  const ports = { ...ben, gateway: { ...ben.gateway, call } };
  const { fleet, hosts, since } = await overtaken(makes, { ...ports, takesReceipts: false });
  expect(hosts).toMatchObject([{ fleet: { version: fleet.kept.view.version } }]);
  expect([since, missing(fleet, hosts, since)]).toEqual([fleet.kept.view.version - 1, null]);
});

test.each([
  [
    "revocations without it",
    async (anna: FleetPorts, before: OperatedFleet) =>
      publishRevoked(anna, before, revokeClient(before.kept.view.list, "nina"), before.kept.view.version + 1),
  ],
  [
    "a list without it",
    async (anna: FleetPorts, before: OperatedFleet, proposal: string) => {
      const read = readProposal(before.kept, proposal, Date.now());
      const draft =
        "value" in read
          ? signProposal(read.value, await signingKey(anna, before))
          : expect.fail(read.refused);
      return finishList(anna, before, draft, before.kept.view.version + 1);
    },
  ],
])(
  "a later publication has %s: the hosts that have that are named, and a push revokes again",
  async (_, publishes) => {
    const { anna, ben, overtaken, revokedOn, texts } = await twoClients();
    expect(await failureOf(enrol(ben, "carol"))).toMatchObject(PROPOSED);
    const before = await openFleet(anna, undefined);
    const proposal = texts.get("web proposal") ?? "";
    const { fleet, hosts, since } = await overtaken(() => publishes(anna, before, proposal));
    expect(missing(fleet, hosts, since)).toMatchObject({
      why: [expect.stringMatching(/^one: has version \d+ by its receipt$/)],
      hints: ["tetherdock fleet push --fleet acme"],
    });
    const pushed = await pushFleet(ben, undefined);
    expect(missing(pushed.fleet, pushed.hosts, pushed.since)).toBeNull();
    for (const who of [anna, ben]) expect(await revokedOn(who)).toContain("mallory");
  },
);

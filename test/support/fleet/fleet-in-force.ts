/** A gateway's side of a fleet, with a store in memory. */
import { expect, vi } from "vitest";
import { DAY_MS } from "../../../src/base/index.ts";
import {
  draftList,
  type FleetList,
  finishDocuments,
  judgeDraft,
  operatorOf,
  type Signed,
  sameList,
  signProposal,
} from "../../../src/fleet/index.ts";
import { FleetInForce } from "../../../src/gateway/fleet/fleet-in-force.ts";
import type { FleetStore } from "../../../src/gateway/ports.ts";
import { accepted, fleetClient, makeOperator, signNext } from "./sample-fleet.ts";

export const key = makeOperator();
export const OWN = fleetClient("root", { role: "admin" });
export const ADA = fleetClient("ada", { role: "admin" });

export function made() {
  const kept: { text: string | undefined } = { text: undefined };
  const store: FleetStore = {
    path: "fleet.json",
    read: async () => kept.text,
    write: async (text) => {
      kept.text = text;
    },
  };
  const time = { now: Date.now() };
  const onChange = vi.fn(async () => {});
  const make = () => new FleetInForce(store, () => time.now, { rolesAfterEnd: [] }, onChange);
  return { kept, store, time, onChange, make, fleet: make() };
}

export const accept = (
  fleet: FleetInForce,
  documents: Parameters<FleetInForce["accept"]>[0],
  own: readonly (typeof OWN)[] = [OWN],
  sender = "root",
) => fleet.accept(documents, () => own, sender);

export const states = (fleet: FleetInForce) =>
  fleet.members([]).clients.map(({ name, state, expires }) => [name, state, expires]);

/** A fleet that needs two signatures, with a place for revocations that one operator signs. */
export async function delegated(list: FleetList) {
  const first = await accepted(null, signNext(null, key, list, { threshold: 1 }));
  const [ben, now] = [makeOperator(), Date.now()];
  const operators = [operatorOf(key, "anna"), operatorOf(ben, "ben")];
  const signing = { key, now, validMs: DAY_MS, rootMs: 730 * DAY_MS };
  /** A list that both have signed. @param revoked what the one who publishes revokes */
  const both = async (before: Signed, next: FleetList, revoked: readonly string[] = [], more = {}) => {
    const judged = judgeDraft(before, draftList(before, next, { ...signing, ...more }), now);
    const draft = "value" in judged ? signProposal(judged.value, ben) : expect.fail(judged.refused);
    return accepted(before.documents, finishDocuments(before, draft, revoked, { ...signing, key: ben }));
  };
  const two = await both(first, list, [], { operators, threshold: 2 });
  const revoke = (by: typeof ben, keys: readonly string[], above = 0, before = two) =>
    finishDocuments(before, sameList(before.documents), keys, { ...signing, key: by, above });
  return { two, ben, both, revoke };
}

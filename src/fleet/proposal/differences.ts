/** All that a proposal changes, so that an operator sees what they sign. */
import type { Client } from "../../identity/index.ts";
import { sha256 } from "../documents.ts";
import { type FleetHost, type FleetList, withRevoked } from "../fleet-list.ts";
import { calledOperator, type Operator, operatorsOf, thresholdOf } from "../operators.ts";
import type { Signed } from "../sign-documents.ts";
import type { Proposal } from "./judge.ts";

/** One fact; `before` or `after` is null if it is new or goes. All of it is foreign text. */
export interface Difference {
  readonly what:
    | "client"
    | "role"
    | "revoked key"
    | "host"
    | "store"
    | "CA of clients"
    | "operator's key"
    | "signatures needed";
  readonly name: string;
  readonly before: string | null;
  readonly after: string | null;
}

type Told = ReadonlyMap<string, string>;

const clientText = ({ role, state, expires, fingerprint }: Client): string =>
  [role, state, `until ${expires ?? "its certificate ends"}`, `key ${fingerprint}`].join(", ");
const hostText = ({ address, port, ca, receiptKey }: FleetHost): string =>
  [`${address} port ${port}`, `receipts' key ${receiptKey ?? "none"}`, `CA ${sha256(ca)}`].join(", ");

const clients = ({ clients: all }: FleetList): Told => new Map(all.map((one) => [one.name, clientText(one)]));
const hosts = ({ hosts: all }: FleetList): Told => new Map(all.map((one) => [one.name, hostText(one)]));
const revoked = ({ revoked: all }: FleetList): Told => new Map(all.map((one) => [one, "revoked"]));

/** Each value of a role file by itself: a role may be long, and one value of it decides. Places in a list have no quotes. */
function leaves(at: string, value: unknown): readonly (readonly [string, string])[] {
  if (typeof value !== "object" || value === null) return [[at, JSON.stringify(value)]];
  const entries = Object.entries(value);
  if (entries.length === 0) return [[at, JSON.stringify(value)]];
  const nameOf = (key: string) => (Array.isArray(value) ? key : JSON.stringify(key));
  return entries.flatMap(([key, one]) => leaves(`${at} ${nameOf(key)}`, one));
}

const roles = ({ roles: all }: FleetList): Told => new Map(all.flatMap((one) => leaves(one.name, one)));
const store = ({ store: one }: FleetList): Told =>
  new Map([
    ["", one === null ? "none" : `${one.urls.join(", ")}, CA ${one.ca === null ? "public" : sha256(one.ca)}`],
  ]);

/** The ids of their keys by name. Two keys may have one name: whoever signs sees both. */
export function keysByName(all: readonly Operator[]): Told {
  const ids = new Map<string, string[]>();
  for (const one of all) ids.set(calledOperator(one), [...(ids.get(calledOperator(one)) ?? []), one.id]);
  return new Map([...ids].map(([name, keys]) => [name, keys.toSorted().join(", ")]));
}

function compare(what: Difference["what"], before: Told, after: Told): Difference[] {
  const names = [...new Set([...before.keys(), ...after.keys()])];
  return names
    .map((name) => ({ what, name, before: before.get(name) ?? null, after: after.get(name) ?? null }))
    .filter((one) => one.before !== one.after);
}

const single = (value: string | number): Told => new Map([["", `${value}`]]);

/** @param before what is in force */
export function differencesOf({ documents, view }: Signed, proposal: Proposal): readonly Difference[] {
  const old = view.list;
  // What was revoked since the proposal was made stays revoked.
  const next = withRevoked(proposal.list, old.revoked);
  return [
    ...compare("signatures needed", single(thresholdOf(documents)), single(proposal.threshold)),
    ...compare("operator's key", keysByName(operatorsOf(documents)), keysByName(proposal.operators)),
    ...compare("client", clients(old), clients(next)),
    ...compare("role", roles(old), roles(next)),
    ...compare("revoked key", revoked(old), revoked(next)),
    ...compare("host", hosts(old), hosts(next)),
    ...compare("store", store(old), store(next)),
    ...compare("CA of clients", single(sha256(old.ca)), single(sha256(next.ca))),
  ];
}

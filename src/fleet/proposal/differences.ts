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
/** In an order of their own, the one that matters most first. */
type Facts = readonly string[];

const clientFacts = ({ role, state, expires, fingerprint }: Client): Facts => [
  ...[role, state, `until ${expires ?? "its certificate ends"}`, `key ${fingerprint}`],
];
const hostFacts = ({ address, port, ca, receiptKey }: FleetHost): Facts => [
  ...[`${address} port ${port}`, `receipts' key ${receiptKey ?? "none"}`, `CA ${sha256(ca)}`],
];

const clients = ({ clients: all }: FleetList) => new Map(all.map((one) => [one.name, clientFacts(one)]));
const hosts = ({ hosts: all }: FleetList) => new Map(all.map((one) => [one.name, hostFacts(one)]));
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

/** Of whoever stays, the first fact and those that change: beside two equal keys of 64 digits nobody sees another role. */
function compareFacts(
  what: Difference["what"],
  before: ReadonlyMap<string, Facts>,
  after: ReadonlyMap<string, Facts>,
): Difference[] {
  const told = (all: ReadonlyMap<string, Facts>, others: ReadonlyMap<string, Facts>): Told =>
    new Map(
      [...all].map(([name, facts]) => {
        const other = others.get(name);
        return [name, facts.filter((fact, at) => at === 0 || fact !== other?.[at]).join(", ")];
      }),
    );
  return compare(what, told(before, after), told(after, before));
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
    ...compareFacts("client", clients(old), clients(next)),
    ...compare("role", roles(old), roles(next)),
    ...compare("revoked key", revoked(old), revoked(next)),
    ...compareFacts("host", hosts(old), hosts(next)),
    ...compare("store", store(old), store(next)),
    ...compare("CA of clients", single(sha256(old.ca)), single(sha256(next.ca))),
  ];
}

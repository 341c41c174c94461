/** All that a proposal changes, so that an operator sees what they sign. */
import type { Client } from "../../identity/index.ts";
import { sha256 } from "../documents.ts";
import { type FleetHost, type FleetList, withRevoked } from "../fleet-list.ts";
import { calledOperator, type Operator, operatorsOf, thresholdOf } from "../operators.ts";
import type { FleetRole } from "../roles.ts";
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
    | "CA of the store"
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

const single = (value: string | number): Told => new Map([["", `${value}`]]);

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

const roles = (all: readonly FleetRole[]): Told => new Map(all.flatMap((one) => leaves(one.name, one)));
const wholeRoles = ({ roles: all }: FleetList): Told =>
  new Map(all.map((one) => [one.name, JSON.stringify(one)]));
const store = ({ store: one }: FleetList): Told => single(one === null ? "none" : one.urls.join(", "));
const storeCa = ({ store: one }: FleetList): Told => single(one?.ca ? sha256(one.ca) : "public");

/** The ids of their keys by name. Two keys may have one name: whoever signs sees both. */
function keysByName(all: readonly Operator[]): Told {
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

/** What can differ. */
export interface Compared {
  readonly list: FleetList;
  readonly operators: readonly Operator[];
  readonly threshold: number;
}

/** @param signed verified */
export const comparedOf = ({ documents, view }: Signed): Compared => ({
  ...{ list: view.list, operators: operatorsOf(documents), threshold: thresholdOf(documents) },
});

/** One for each thing that differs; a role is one. */
export function changesBetween(before: Compared, after: Compared): readonly Difference[] {
  const [old, next] = [before.list, after.list];
  return [
    ...compare("signatures needed", single(before.threshold), single(after.threshold)),
    ...compare("operator's key", keysByName(before.operators), keysByName(after.operators)),
    ...compareFacts("client", clients(old), clients(next)),
    ...compare("role", wholeRoles(old), wholeRoles(next)),
    ...compare("revoked key", revoked(old), revoked(next)),
    ...compareFacts("host", hosts(old), hosts(next)),
    ...compare("store", store(old), store(next)),
    ...compare("CA of the store", storeCa(old), storeCa(next)),
    ...compare("CA of clients", single(sha256(old.ca)), single(sha256(next.ca))),
  ];
}

/** The same, with each value of a role by itself. */
function differencesBetween(before: Compared, after: Compared): readonly Difference[] {
  const of = ({ list }: Compared, name: string) => roles(list.roles.filter((one) => one.name === name));
  return changesBetween(before, after).flatMap((one) =>
    one.what === "role" ? compare("role", of(before, one.name), of(after, one.name)) : [one],
  );
}

/** @param before what is in force */
export function differencesOf(
  before: Signed,
  { list, operators, threshold }: Proposal,
): readonly Difference[] {
  // What was revoked since the proposal was made stays revoked.
  const next = withRevoked(list, before.view.list.revoked);
  return differencesBetween(comparedOf(before), { list: next, operators, threshold });
}

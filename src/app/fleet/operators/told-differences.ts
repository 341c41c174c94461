/** How two lists differ, in few words: one that follows the other, or two that nobody has made of each other. */
import { counted, firstOf, quoteForeign } from "../../../base/index.ts";
import { changesBetween, comparedOf, type Difference, type Signed } from "../../../fleet/index.ts";

const MOST_NAMES = 10;

/** What is compared of a list. */
export type Differing = Signed;

/** What to say of things that only the other list has, that it lacks, and that differ, before their names. */
export interface Words {
  readonly added: (kind: string) => string;
  readonly gone: (kind: string) => string;
  readonly changed: (kind: string) => string;
  /** Before a number of keys, that only the other list revokes, or that it does not. */
  readonly revoked: string;
  readonly unrevoked: string;
  /** Before or after what there is one of. */
  readonly is: string;
}

/** Of a list of another machine that does not follow. */
export const APART: Words = {
  added: (kind) => `${kind} only there`,
  gone: (kind) => `${kind} only here`,
  changed: (kind) => `${kind} different there`,
  ...{ revoked: "revoked only there", unrevoked: "revoked only here", is: " there" },
};

/** Of one that follows. */
export const AFTER: Words = {
  added: (kind) => `new ${kind}`,
  gone: (kind) => `removed ${kind}`,
  changed: (kind) => `changed ${kind}`,
  ...{
    revoked: "newly revoked",
    unrevoked: "revoked only on this machine until its next change",
    is: "",
  },
};

const shown = (all: readonly string[]) => firstOf(all.map(quoteForeign), MOST_NAMES);

type Tell = (all: readonly Difference[], words: Words) => string[];

/** Things of one kind, by their names. */
const named =
  (kind: string): Tell =>
  (all, { added, gone, changed }) => {
    const names = (what: (kind: string) => string, holds: (one: Difference) => boolean) => {
      const found = all.filter(holds).map(({ name }) => name);
      return found.length === 0 ? [] : [`${what(kind)}: ${shown(found)}`];
    };
    return [
      ...names(added, (one) => one.before === null),
      ...names(gone, (one) => one.after === null),
      ...names(changed, (one) => one.before !== null && one.after !== null),
    ];
  };

/** Nobody knows keys by their SHA-256. */
const counts: Tell = (all, { revoked, unrevoked }) => {
  const number = (what: string, { length }: readonly Difference[]) =>
    length === 0 ? [] : [`${what}: ${counted(length, "key")}`];
  return [
    ...number(
      revoked,
      all.filter((one) => one.before === null),
    ),
    ...number(
      unrevoked,
      all.filter((one) => one.after === null),
    ),
  ];
};

const single =
  (called: string): Tell =>
  ([one], { is }) =>
    one === undefined ? [] : [`${called}${is}: ${quoteForeign(one.after ?? "")}`];

const authority =
  (of: string): Tell =>
  (all, { is }) =>
    all.length === 0 ? [] : [`another CA of the ${of}${is}`];

/** In the order in which they are told. */
const TOLD: readonly (readonly [Difference["what"], Tell])[] = [
  ["client", named("clients")],
  ["role", named("roles")],
  ["operator's key", named("operators")],
  ["signatures needed", single("signatures needed")],
  ["host", named("hosts")],
  ["store", single("the store")],
  ["CA of the store", authority("store")],
  ["CA of clients", authority("clients")],
  ["revoked key", counts],
];

/** Hosts only if both lists name them: an earlier tetherdock published none. */
export function differences(here: Differing, there: Differing, words: Words): string[] {
  const hasHosts = here.documents.hosts !== undefined && there.documents.hosts !== undefined;
  const all = changesBetween(comparedOf(here), comparedOf(there));
  return TOLD.filter(([what]) => what !== "host" || hasHosts).flatMap(([what, tell]) =>
    tell(
      all.filter((one) => one.what === what),
      words,
    ),
  );
}

/**
 * Makes a role of a role file. It takes the decisions of built-in roles as they are: what a file denies or limits is taken
 * away from them, and what it adds is decided as the built-in role decides that may call it.
 */
import type { json } from "../../base/index.ts";
import { type Operation, operations } from "../../engine/index.ts";
import type { Decision, Deny } from "../decision.ts";
import { compileAs, type Role } from "../roles/compile.ts";
import { refuseCall, refuseUnknown } from "../roles/rule.ts";
import { definitionsThatServe } from "../roles/serving.ts";
import { bindProblems } from "./binds.ts";
import { LIMIT_NAMES, LIMITS } from "./limits/index.ts";
import type { Limit, Setting } from "./limits/limit.ts";
import { asRoot, type Checked, narrow } from "./narrow.ts";
import { findNamed } from "./operation-names.ts";
import { type RoleFile, roleFileShape } from "./role-file.ts";

/** A role that somebody has made. */
export interface OwnRole {
  /** As it was written: what is kept, and shown again. */
  readonly source: unknown;
  readonly file: RoleFile;
  readonly role: Role;
}

interface Named {
  readonly allow: ReadonlyMap<Operation, string>;
  readonly allowAsRoot: ReadonlyMap<Operation, string>;
  readonly deny: ReadonlyMap<Operation, string>;
}

const decisionOn = (decisions: ReadonlyMap<Operation, Decision>, wanted: string): Decision | undefined =>
  [...decisions].find(([{ name }]) => name === wanted)?.[1];

function isDenied(decision: Decision | undefined): boolean {
  return decision === undefined || decision.allow === false;
}

function denial(role: string, { name }: Operation): Deny {
  return refuseCall(role, name, "role-deny", "its role file denies it");
}

/** The decision on each operation, before limits. */
function decisionsOf(
  { name, extends: base, binds }: RoleFile,
  named: Named,
  complain: json.Complain,
): Map<Operation, Decision> {
  const [own, ...others] = definitionsThatServe(base).map((definition) => compileAs(name, definition, binds));
  return new Map(
    operations.map((operation): [Operation, Decision] => {
      if (named.deny.has(operation)) return [operation, denial(name, operation)];
      if (named.allowAsRoot.has(operation)) return [operation, asRoot()];
      const before = own?.decisions.get(operation) ?? denial(name, operation);
      const place = named.allow.get(operation);
      if (place === undefined || !isDenied(before)) return [operation, before];
      const served = others.map(({ decisions }) => decisions.get(operation)).find((one) => !isDenied(one));
      if (served === undefined)
        complain(
          place,
          `(${operation.name}) is for admins only, because nothing checks it; to allow it all the same, list it in allowAsRoot`,
        );
      return [operation, served ?? before];
    }),
  );
}

/** Reports limits that could be bypassed. */
function requireEffect(
  name: string,
  checks: object,
  { needs: [needed, what], evadedBy }: Pick<Limit<Setting>, "needs" | "evadedBy">,
  decisions: ReadonlyMap<Operation, Decision>,
  complain: json.Complain,
): void {
  const at = `limits.${name}`;
  const find = (wanted: string) => decisionOn(decisions, wanted);
  if (isDenied(find(needed))) complain(at, `has no effect: the role may not ${what}`);
  for (const checked of Object.keys(checks))
    if (find(checked)?.allow === true)
      complain(
        at,
        `cannot check ${checked}, which the role may call without any check; take it out of operations.allowAsRoot`,
      );
  const open = evadedBy.filter((one) => !isDenied(find(one)));
  if (open.length > 0)
    complain(
      at,
      `does not hold while the role may call ${open.join(", ")}; list ${open.length === 1 ? "it" : "them"} in operations.deny`,
    );
}

function checksOf(
  file: RoleFile,
  decisions: ReadonlyMap<Operation, Decision>,
  complain: json.Complain,
): ReadonlyMap<string, readonly Checked[]> {
  const all = new Map<string, Checked[]>();
  for (const name of LIMIT_NAMES) {
    const setting: Setting | null = file.limits[name];
    if (setting === null) continue;
    const limit = LIMITS[name] as unknown as Limit<Setting>;
    const checks = limit.checks(setting);
    requireEffect(name, checks, limit, decisions, complain);
    for (const [operation, check] of Object.entries(checks))
      all.set(operation, [...(all.get(operation) ?? []), { limit: name, mode: setting.mode, check }]);
  }
  return all;
}

/** Reports binds that have no effect or could be replaced. */
function requireBinds(
  { binds }: RoleFile,
  decisions: ReadonlyMap<Operation, Decision>,
  complain: json.Complain,
): void {
  const create = decisionOn(decisions, "ContainerCreate");
  if (binds.length > 0 && isDenied(create))
    complain("binds", "has no effect: the role may not create containers");
  if (binds.length > 0 && create?.allow === true)
    complain("binds", "has no effect: ContainerCreate in operations.allowAsRoot permits all binds");
  for (const { at, text } of bindProblems(binds)) complain(`binds[${at}]`, text);
}

function compile(file: RoleFile, complain: json.Complain): Role {
  const {
    name,
    operations: { allow, allowAsRoot, deny },
  } = file;
  const named: Named = {
    allow: findNamed(allow, "operations.allow", complain),
    allowAsRoot: findNamed(allowAsRoot, "operations.allowAsRoot", complain),
    deny: findNamed(deny, "operations.deny", complain),
  };
  const decisions = decisionsOf(file, named, complain);
  const checks = checksOf(file, decisions, complain);
  requireBinds(file, decisions, complain);
  for (const [operation, decision] of decisions)
    if (decision.allow === null)
      decisions.set(operation, narrow(name, operation, decision, checks.get(operation.name) ?? []));
  return { name, admin: false, decisions, unknown: refuseUnknown(name, "role-unknown") };
}

/** Of a file with other problems: unknown operations are told with them, not after them. */
function complainOfNames(value: unknown, complain: json.Complain): void {
  const lists = (value as { operations?: Record<string, unknown> | null } | null)?.operations;
  for (const key of ["allow", "allowAsRoot", "deny"]) {
    const names = lists?.[key];
    if (Array.isArray(names) && names.every((name) => typeof name === "string"))
      findNamed(names, `operations.${key}`, complain);
  }
}

/** Reads a role file's value, and makes its role. */
export const readOwnRole: json.Read<OwnRole> = (value, at, complain) => {
  const file = roleFileShape.read(value, at, complain);
  let isGood = true;
  const tell: json.Complain = (place, text) => {
    isGood = false;
    complain(at === "" ? place : `${at}.${place}`, text);
  };
  if (file === undefined) return void complainOfNames(value, tell);
  const role = compile(file, tell);
  return isGood ? { source: value, file, role } : undefined;
};

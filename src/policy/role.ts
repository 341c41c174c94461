/** Roles: what each may do, decided once for every operation when the role is made. */
import { type Operation, operations } from "../engine/index.ts";
import type { Decision } from "./decision.ts";
import { viewerDecision } from "./viewer.ts";

/** A role as the configuration has it. */
export interface RoleDefinition {
  readonly name: "admin" | "viewer";
  /** Whether what containers, services and tasks print may be read. `admin` always may. */
  readonly logs: boolean;
}

/** A role made ready: nothing is left to work out when a request comes. */
export interface Role {
  readonly name: string;
  /** May do everything, unknown operations and the gateway's own included. */
  readonly admin: boolean;
  readonly decisions: ReadonlyMap<Operation, Decision>;
  /** For what is no operation that we know, and for targets that can be read in two ways. */
  readonly unknown: Decision;
}

const EVERYTHING: Decision = { allow: true, rule: "admin", answer: null };

const UNKNOWN: Decision = {
  allow: false,
  rule: "viewer-unknown",
  reason:
    "not an operation of the Docker Engine API as tetherdock knows it, and the role viewer may do nothing else",
};

/** @returns the role, with a decision for each operation there is */
export function compileRole({ name, logs }: RoleDefinition): Role {
  const admin = name === "admin";
  const decide = (operation: Operation): Decision => (admin ? EVERYTHING : viewerDecision(operation, logs));
  const decisions = new Map(operations.map((operation) => [operation, decide(operation)]));
  return { name, admin, decisions, unknown: admin ? EVERYTHING : UNKNOWN };
}

/** A role that `policy import` made of a proxy's configuration, and what it permits. */
import { expect } from "vitest";
import { importRole } from "../../../src/app/policy/import/import-role.ts";
import type { Kind } from "../../../src/app/policy/import/permissions.ts";
import { readYaml } from "../../../src/app/policy/read-yaml.ts";
import { json } from "../../../src/base/index.ts";
import { operations } from "../../../src/engine/index.ts";
import { readOwnRole } from "../../../src/policy/index.ts";

interface Source {
  readonly extends: string;
  readonly operations?: { readonly allow?: readonly string[]; readonly allowAsRoot?: readonly string[] };
  readonly limits?: unknown;
}

export function imported(text: string, from: Kind | null = null, name?: string) {
  const result = importRole(text, from, name);
  const read = readYaml(result.text, readOwnRole);
  if ("problems" in read) return expect.fail(json.format(read.problems));
  const { role } = read.value;
  const permitted = operations.filter((operation) => role.decisions.get(operation)?.allow !== false);
  const notes = result.notes.map(({ about, text: what }) => `${about}: ${what}`).join("\n");
  return { ...result, source: result.source as Source, permitted: permitted.map((one) => one.name), notes };
}

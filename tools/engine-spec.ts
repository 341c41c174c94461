/**
 * Reads the operations from Docker's API specifications, and compares our table with them. The files are written by
 * hand in a regular form, so reading their indentation is enough.
 */
import type { OperationRow } from "../src/engine/operations/rows.ts";

/** One operation in one specification. */
export interface SpecOperation {
  readonly name: string;
  readonly method: string;
  readonly path: string;
}

/** One specification: a version and its operations in their order. */
export interface EngineSpec {
  /** Such as `1.41`. */
  readonly version: string;
  readonly operations: readonly SpecOperation[];
}

const PATH = /^ {2}"?(\/[^":]*)"?:\s*$/;
const METHOD = /^ {4}(get|head|post|put|delete|patch|options):\s*$/;
const NAME = /^ {6}operationId:\s*"?(\w+)"?\s*$/;

/** @param yaml a whole specification. @throws Error where it is not in the form described above */
export function readEngineSpec(yaml: string): EngineSpec {
  const version = /^ {2}version:\s*"?(1\.\d+)"?\s*$/m.exec(yaml)?.[1];
  const lines = yaml.split("\n");
  const start = lines.indexOf("paths:");
  if (version === undefined || start < 0) throw new Error("no specification: it has no version or no paths");
  const found: { name: string; method: string; path: string }[] = [];
  let path = "";
  for (const line of lines.slice(start + 1)) {
    if (/^\w/.test(line)) break;
    path = PATH.exec(line)?.[1] ?? path;
    const method = METHOD.exec(line)?.[1]?.toUpperCase();
    if (method !== undefined) found.push({ name: "", method, path });
    const name = NAME.exec(line)?.[1];
    const last = found.at(-1);
    if (name !== undefined && last) last.name = name;
  }
  const nameless = found.find(({ name }) => name === "");
  if (nameless) throw new Error(`${version}: ${nameless.method} ${nameless.path} has no operationId`);
  return { version, operations: found };
}

/** Versions are `1.N`. */
const minor = (version: string): number => Number(version.slice(2));
const callOf = ({ method, path }: SpecOperation): string => `${method} ${path}`;

function byAge(specs: readonly EngineSpec[]): EngineSpec[] {
  return specs.toSorted((a, b) => minor(a.version) - minor(b.version));
}

/**
 * The rows of the table according to these specifications: names and order of the newest. If a specification is
 * missing, the first version is only known to be between two; the present table's value is kept if it is.
 */
export function deriveRows(specs: readonly EngineSpec[], present: readonly OperationRow[]): string[] {
  const ordered = byAge(specs);
  return (ordered.at(-1)?.operations ?? []).map((operation) => {
    const call = callOf(operation);
    const first = ordered.findIndex((spec) => spec.operations.some((other) => callOf(other) === call));
    const seen = ordered[first]?.version ?? "";
    const after = ordered[first - 1]?.version ?? "1.23";
    const said = present.find(([, method, path]) => `${method} ${path}` === call)?.[3];
    const fits = said !== undefined && minor(said) > minor(after) && minor(said) <= minor(seen);
    return JSON.stringify([operation.name, operation.method, operation.path, fits ? said : seen]);
  });
}

/** @returns the differences between the table and the specifications, one a line */
export function differences(specs: readonly EngineSpec[], table: readonly OperationRow[]): string[] {
  const rows = new Map(table.map(([name, method, path, since]) => [`${method} ${path}`, { name, since }]));
  const ordered = byAge(specs);
  const versions = ordered.flatMap(({ version, operations }) => {
    const calls = new Set(operations.map(callOf));
    return [
      ...[...calls].flatMap((call) => {
        const since = rows.get(call)?.since;
        if (since === undefined) return [`${version}: ${call} is not in the table`];
        return minor(since) > minor(version) ? [`${version}: ${call} is there, not only since ${since}`] : [];
      }),
      ...[...rows]
        .filter(([call, { since }]) => minor(since) <= minor(version) && !calls.has(call))
        .map(([call, { since }]) => `${version}: ${call} is not there, and the table has it since ${since}`),
    ];
  });
  const names = (ordered.at(-1)?.operations ?? [])
    .filter((operation) => (rows.get(callOf(operation))?.name ?? operation.name) !== operation.name)
    .map(
      (operation) =>
        `${callOf(operation)} is called ${operation.name}, in the table ${rows.get(callOf(operation))?.name}`,
    );
  return [...versions, ...names];
}

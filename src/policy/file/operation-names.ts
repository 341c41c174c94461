/** Operations that a role file names. */
import { type json, nearest } from "../../base/index.ts";
import { type Operation, operations } from "../../engine/index.ts";
import { matchesGlob } from "./glob.ts";

const NAMES = operations.map(({ name }) => name);

/** What the docker CLI calls operations. */
const CLI_NAMES: Readonly<Record<string, string>> = {
  ...{ ImagePull: "ImageCreate", ContainerRun: "ContainerCreate", ContainerPs: "ContainerList" },
};

/** @param name as somebody has written it, perhaps as the docker CLI has it */
function nearName(name: string): string | undefined {
  const inApi = CLI_NAMES[name] ?? name.replace(/(?:Rm|Remove)$/, "Delete").replace(/Ls$/, "List");
  return nearest(inApi, NAMES)[0];
}

function unknown(name: string): string {
  const near = nearName(name);
  const isGlob = name.includes("*");
  if (isGlob) return `matches no operation of the Docker API; ${name} has to match a whole name`;
  return near === undefined
    ? "is not an operation of the Docker API"
    : `is not an operation of the Docker API; did you mean ${near}?`;
}

/** @param at where the list is, such as `operations.deny` @returns what the names and globs stand for */
export function findNamed(
  names: readonly string[],
  at: string,
  complain: json.Complain,
): ReadonlyMap<Operation, string> {
  const found = new Map<Operation, string>();
  for (const [index, name] of names.entries()) {
    const matching = operations.filter((operation) => matchesGlob(name, operation.name));
    const place = `${at}[${index}]`;
    if (matching.length === 0) complain(place, `(${name}) ${unknown(name)}`);
    for (const operation of matching) if (!found.has(operation)) found.set(operation, place);
  }
  return found;
}

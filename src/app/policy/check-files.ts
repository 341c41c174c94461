/** Reads role files, and reports everything that is wrong in all of them. */
import { json, shellJoin, TetherdockError } from "../../base/index.ts";
import { type OwnRole, readOwnRole } from "../../policy/index.ts";
import type { FilePorts } from "./ports.ts";
import { type Problem, readYaml } from "./read-yaml.ts";

export interface CheckedFile {
  readonly path: string;
  readonly own: OwnRole;
}

interface PlacedProblem extends Problem {
  readonly file: string;
}

/** @param problems at least one @param verb of the command that reads the files again */
export function broken(
  problems: readonly PlacedProblem[],
  verb: "check" | "test" = "check",
): TetherdockError {
  const files = [...new Set(problems.map(({ file }) => file))];
  const what = files.length === 1 ? `${files[0]} has ` : `${files.length} files have `;
  const count = problems.length === 1 ? "a problem" : `${problems.length} problems`;
  return new TetherdockError("ROLE_FILE_BROKEN", `${what}${count}`, {
    why: problems.map(({ file, line, column, text }) => `${file}:${line}:${column}: ${text}`),
    hints: [shellJoin(["tetherdock", "policy", verb, ...files])],
    details: { problems },
  });
}

function doubles(checked: readonly CheckedFile[]): PlacedProblem[] {
  return checked.flatMap(({ path, own }, index) => {
    const first = checked.slice(0, index).find((one) => one.own.role.name === own.role.name);
    const text = `the role ${own.role.name} is also in ${first?.path}`;
    return first === undefined ? [] : [{ file: path, line: 1, column: 1, text }];
  });
}

/** @param paths of role files @throws FILE_FAILED, ROLE_FILE_BROKEN */
export async function checkFiles(
  ports: FilePorts,
  paths: readonly string[],
): Promise<readonly CheckedFile[]> {
  const texts = await Promise.all(paths.map((path) => ports.readText(path)));
  const problems: PlacedProblem[] = [];
  const checked = texts.flatMap((text, index): CheckedFile[] => {
    const path = paths[index] ?? "";
    const read = readYaml(text, readOwnRole);
    if ("value" in read) return [{ path, own: read.value }];
    problems.push(...read.problems.map((problem) => ({ file: path, ...problem })));
    return [];
  });
  problems.push(...doubles(checked));
  if (problems.length > 0) throw broken(problems);
  return checked;
}

/** As it is kept and sent: only what JSON has. */
export const sourceOf = ({ source }: OwnRole): unknown => json.parse(JSON.stringify(source));

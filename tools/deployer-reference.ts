/** docs/reference/deployer.md, made from the operations and the fields of bodies that the role deployer may use. */
import { operations } from "../src/engine/index.ts";
import type { Mark } from "../src/policy/body/mark.ts";
import { bodies } from "../src/policy/body/model/index.ts";
import { compileRole, defaultRole } from "../src/policy/index.ts";
import { PARAMETERS } from "../src/policy/roles/rules/deployer/query/parameters.ts";

const HEAD = `# What a deployer may send

Made from the program's own lists by \`npm run docs\`; a test fails when the two differ.

A [deployer](../roles.md#what-a-deployer-can-do) may call the operations below with the parameters and body fields that are
listed. Every other operation, parameter and field is refused, so what a newer engine adds stays closed until somebody has
examined it. *Harmless*: every value is allowed. *Limited*: the last column says which values are. *Forbidden*: only values
that the engine reads as if the field were missing, such as \`false\` or an empty list. Checks are named as in Kubernetes'
Pod Security Standards where those have one; refusals and the audit log name the check.
`;

interface Row {
  readonly place: string;
  readonly mark: Mark;
}

const rowsOf = (marks: Readonly<Record<string, Mark>>, path: string): Row[] =>
  Object.entries(marks).flatMap(([name, mark]) => {
    const place = path === "" ? name : `${path}.${name}`;
    const own = mark.fields === null || mark.check !== "" ? [{ place, mark }] : [];
    return [...own, ...(mark.fields === null ? [] : rowsOf(mark.fields, place))];
  });

const code = (text: string): string => `\`${text}\``;
const rowOf = ({ place, mark: { verdict, check, why } }: Row): string =>
  `| ${code(place)} | ${verdict} | ${check === "" ? "" : code(check)} | ${why} |`;

function operationRows(): string {
  const { decisions } = compileRole(defaultRole("deployer"));
  const rows = operations.flatMap((operation) => {
    const decision = decisions.get(operation);
    if (decision?.allow === false) return [];
    const parameters = (PARAMETERS[operation.name] ?? "").split(" ").filter((name) => name !== "");
    const query = decision?.allow === null ? parameters.map(code).join(", ") : "all";
    return [`| ${operation.name} | ${code(`${operation.method} ${operation.path}`)} | ${query} |`];
  });
  return ["| operation | | parameters |", "| --- | --- | --- |", ...rows].join("\n");
}

function section(name: string, { fields }: Mark): string {
  const rows = rowsOf(fields ?? {}, "").map(rowOf);
  const table = ["| field | | check | why, or what is allowed |", "| --- | --- | --- | --- |", ...rows];
  return `## ${name}\n\n${table.join("\n")}\n`;
}

/** @returns the whole page */
export function deployerReference(): string {
  const sections = Object.entries(bodies).map(([name, mark]) => section(name, mark));
  return [HEAD, `## Operations\n\n${operationRows()}\n`, ...sections].join("\n");
}

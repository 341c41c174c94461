/** docs/reference/operations.md, made from the table of operations and the decisions of the roles. */
import { type Operation, operations } from "../src/engine/index.ts";
import { UNSPECIFIED } from "../src/engine/operations/rows.ts";
import {
  compileRole,
  type Decision,
  defaultRole,
  ROLES,
  type Role,
  type RoleDefinition,
  widestRole,
} from "../src/policy/index.ts";

const code = (names: readonly string[]) => names.map((name) => `\`${name}\``).join(", ");
const wordsOfAdmins = `The role ${code(ROLES.filter(({ administers }) => administers).map(({ name }) => name))} may call all of them.`;

const HEAD = `# Operations

Made from the program's own table by \`npm run docs\`; a test fails when the two differ.

Every operation of Docker Engine API 1.24 to 1.56, with its name in Docker's specification. [Roles](../roles.md), the audit
log and refusals use these names. *Since* is the first version that describes the operation; none has been removed since
1.24. *Unspecified* operations are missing from the specification, but the engine serves them. Paths work with and without a
version.

${wordsOfAdmins} The tables show what other roles may call: **yes**; **in part**,
where [this page](viewer.md) lists which fields of the answer are shown; the name of an option, where the role needs it;
**body**, where it depends on the request's body ([what a deployer may send](deployer.md)), on whose container it is, or on
what that container has of the host; or why not.

*pipe*: the connection becomes a two-way pipe. *stream*: lasts as long as what it follows or transfers, without an
idle timeout. *deprecated*: since that version; engines still serve it.
`;

const unspecified = new Set(UNSPECIFIED.map(([name]) => name));
/** The roles with a column, and what each is without options and with each of them. */
const COLUMNS = ROLES.filter(({ administers }) => !administers).map(({ name, options }) => {
  const definition = defaultRole(name);
  const widest: Readonly<Record<string, unknown>> = { ...widestRole(name).options };
  const withOption = Object.keys(options).map((key) => {
    const wider = { name, options: { ...definition.options, [key]: widest[key] } } as RoleDefinition;
    return [key, compileRole(wider)] as const;
  });
  return { name, role: compileRole(definition), withOption };
});

const decisionOf = (role: Role, operation: Operation): Decision =>
  role.decisions.get(operation) ?? role.unknown;

type Kind = "yes" | "in part" | "body" | "no";

const kindOf = (decision: Decision): Kind => {
  if (decision.allow === null) return "body";
  if (!decision.allow) return "no";
  return decision.answer ? "in part" : "yes";
};

function verdict({ role, withOption }: (typeof COLUMNS)[number], operation: Operation): string {
  const decision = decisionOf(role, operation);
  if (decision.allow !== false) return `**${kindOf(decision)}**`;
  const option = withOption.find(([, wider]) => decisionOf(wider, operation).allow !== false);
  return option ? `**${option[0]}**` : decision.reason.replace(/^.*?: /, "");
}

function rowOf(operation: Operation): string {
  const { name, method, path, since, deprecated, hijack, stream } = operation;
  const manner = hijack ? "pipe" : stream ? "stream" : "";
  const notes = [since, ...(unspecified.has(name) ? ["unspecified"] : [])];
  if (deprecated !== null) notes.push(`deprecated ${deprecated}`);
  return `| ${name} | \`${method} ${path}\` | ${notes.join(", ")} | ${manner} | ${COLUMNS.map((column) => verdict(column, operation)).join(" | ")} |`;
}

/** Grouped by the first word of the path, except a few single ones. */
function topicOf({ path }: Operation): string {
  const word = path.split("/")[1] ?? "";
  const images = ["build", "commit", "distribution"];
  if (images.includes(word)) return "images";
  return word.endsWith("s") && word !== "events"
    ? word
    : ({ exec: "exec", swarm: "swarm" }[word] ?? "system");
}

function sectionOf([topic, rows]: readonly [string, readonly Operation[]]): string {
  const title = `${topic[0]?.toUpperCase()}${topic.slice(1)}`;
  const names = COLUMNS.map(({ name }) => ` ${name} |`).join("");
  const head = [
    `| operation | call | since | |${names}`,
    `| --- | --- | --- | --- |${" --- |".repeat(COLUMNS.length)}`,
  ];
  return [`## ${title}`, "", ...head, ...rows.map(rowOf), ""].join("\n");
}

function countsOf(role: Role, rows: readonly Operation[]): string {
  const kinds = Map.groupBy(rows, (operation) => kindOf(decisionOf(role, operation)));
  const counts = (["yes", "in part", "body"] as const).flatMap((kind) => {
    const count = kinds.get(kind)?.length ?? 0;
    return count === 0 ? [] : [`${count} ${kind}`];
  });
  return counts.length === 0 ? "none" : counts.join(", ");
}

/** How many operations each role may call, by topic. */
function summary(topics: ReadonlyMap<string, readonly Operation[]>): string {
  const row = (topic: string, rows: readonly Operation[]) =>
    `| ${topic} | ${rows.length} | ${COLUMNS.map(({ role }) => countsOf(role, rows)).join(" | ")} |`;
  return [
    "## Summary\n",
    "How many operations each role may call, without options. All others are refused.\n",
    `| | operations |${COLUMNS.map(({ name }) => ` ${name} |`).join("")}`,
    `| --- | --- |${" --- |".repeat(COLUMNS.length)}`,
    ...[...topics].map(([topic, rows]) => row(topic, rows)),
    row("**all**", operations),
    "",
  ].join("\n");
}

/** @returns the whole page */
export function operationReference(): string {
  const topics = Map.groupBy(operations, topicOf);
  return [HEAD, summary(topics), ...[...topics].map(sectionOf)].join("\n");
}

/** docs/reference/operations.md, made from the table of operations and from what the roles say to each. */
import { type Operation, operations } from "../src/engine/index.ts";
import { UNSPECIFIED } from "../src/engine/operations/rows.ts";
import { compileRole, type Decision } from "../src/policy/index.ts";

const HEAD = `# Operations

Made from the program's own table by \`npm run docs\`; a test fails when the two differ.

Every operation of Docker Engine API 1.24 to 1.56, by the names that Docker's specification gives them: [roles](../roles.md),
the audit and refusals speak of operations by these names. *Since* is the first version that describes it; nothing has been
taken away since 1.24. What is *unspecified* the engine serves all the same. Paths go with a version in front and without.

The role \`admin\` may do all of it. What the role \`viewer\` may do stands in the table: **yes**; **in part**, where
[this page](viewer.md) lists what is shown of the answer; **logs**, where the role has logs; or why not.

*pipe*: the connection becomes a two-way pipe. *stream*: lasts as long as what it follows or carries, and is cut by no
idle timeout. *deprecated*: since that version; engines still serve it.
`;

const unspecified = new Set(UNSPECIFIED.map(([name]) => name));
const viewer = compileRole({ name: "viewer", logs: false });
const reader = compileRole({ name: "viewer", logs: true });

function verdict(operation: Operation): string {
  const [without, withLogs] = [viewer, reader].map(
    (role): Decision => role.decisions.get(operation) ?? role.unknown,
  );
  if (without?.allow) return without.answer ? "**in part**" : "**yes**";
  if (withLogs?.allow) return "**logs**";
  if (without?.allow === null) return "by the body";
  return without?.reason.replace(/^.*?: /, "") ?? "";
}

function rowOf(operation: Operation): string {
  const { name, method, path, since, deprecated, hijack, stream } = operation;
  const manner = hijack ? "pipe" : stream ? "stream" : "";
  const notes = [since, ...(unspecified.has(name) ? ["unspecified"] : [])];
  if (deprecated !== null) notes.push(`deprecated ${deprecated}`);
  return `| ${name} | \`${method} ${path}\` | ${notes.join(", ")} | ${manner} | ${verdict(operation)} |`;
}

/** By the first word of the path, but for the few that are alone with theirs. */
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
  const head = ["| operation | call | since | | viewer |", "| --- | --- | --- | --- | --- |"];
  return [`## ${title}`, "", ...head, ...rows.map(rowOf), ""].join("\n");
}

/** @returns the whole page */
export function operationReference(): string {
  return [HEAD, ...[...Map.groupBy(operations, topicOf)].map(sectionOf)].join("\n");
}

/** docs/reference/viewer.md, made from the fields that the role viewer is shown of each answer. */
import { operations } from "../src/engine/index.ts";
import { answers } from "../src/policy/answers/index.ts";
import type { Mark } from "../src/policy/answers/mark.ts";
import type { AnswerShapes } from "./answer-shapes.ts";
import { plantAll } from "./plant.ts";

interface Row {
  readonly place: string;
  readonly mark: Mark;
}

function head({ planted }: ReturnType<typeof plantAll>): string {
  const texts = planted.filter(({ type }) => type.includes("string"));
  const whole = texts.filter(({ seen }) => seen === "all");
  return `# What a viewer is shown

Made from the program's own lists by \`npm run docs\`; a test fails when the two differ.

A [viewer](../roles.md) sees only the listed fields of each answer. Every other field is left out, at every depth, so fields
that a newer engine adds stay hidden until somebody has examined them. *In part*: the reason says which part. *Blanked*: a
text becomes \`***\`, a number 0, a map empty, so that clients can still read the answer. *Dropped*: the field is left out.
\`Mounts.Source\` is the field \`Source\` of \`Mounts\`, or of each entry in it.

A test plants a secret in each of the ${texts.length} text fields of Docker's specifications of API 1.25 to 1.56. ${whole.length} are
shown completely, because the lists below say so; the others partly or not at all. The result for each is in
\`test/golden/policy/planted.txt\`.
`;
}

/** Nested fields by their paths; objects that the page already shows only by name. */
class Section {
  readonly rows: Row[] = [];
  readonly same: string[] = [];
  readonly #known: Map<Mark["fields"], string>;

  constructor(known: Map<Mark["fields"], string>) {
    this.#known = known;
  }

  add(operation: string, path: string, fields: Readonly<Record<string, Mark>>): void {
    for (const [name, mark] of Object.entries(fields)) {
      const place = path === "" ? name : `${path}.${name}`;
      const before = this.#known.get(mark.fields);
      if (mark.fields === null) this.rows.push({ place, mark });
      else if (before !== undefined) this.same.push(`\`${place}\` as ${before}`);
      else {
        this.#known.set(mark.fields, `\`${place}\` of ${operation}`);
        this.add(operation, place, mark.fields);
      }
    }
  }
}

const code = ({ place }: Row): string => `\`${place}\``;
const isObvious = ({ mark }: Row): boolean => mark.verdict === "shown" && mark.why === "";
const rowOf = ({ place, mark }: Row): string => `| \`${place}\` | ${mark.verdict} | ${mark.why} |`;

function sectionOf(name: string, mark: Mark, known: Map<Mark["fields"], string>): string {
  const call = operations.find((operation) => operation.name === name);
  const title = `## ${name}\n\n\`${call?.method} ${call?.path}\`\n`;
  const before = known.get(mark.fields);
  if (before !== undefined) return `${title}\nAs ${before}.\n`;
  known.set(mark.fields, name);
  const section = new Section(known);
  section.add(name, "", mark.fields ?? {});
  const obvious = section.rows.filter(isObvious).map(code).join(", ");
  const others = section.rows.filter((row) => !isObvious(row)).map(rowOf);
  const table = ["| field | | why |", "| --- | --- | --- |", ...others].join("\n");
  return [
    title,
    `Shown: ${obvious}.\n`,
    ...(section.same.length > 0 ? [`${section.same.join("; ")}.\n`] : []),
    ...(others.length > 0 ? [`${table}\n`] : []),
  ].join("\n");
}

/** @returns the whole page */
export function viewerReference(shapes: AnswerShapes): string {
  const marks = new Map([...answers].map(([name, { mark }]) => [name, mark]));
  const known = new Map<Mark["fields"], string>();
  const sections = [...marks].map(([name, mark]) => sectionOf(name, mark, known));
  return [head(plantAll(shapes, marks)), ...sections].join("\n");
}

/**
 * Reads the fields of the engine's answers from Docker's specifications: all versions together, one shape for each
 * object. Facts only; nothing of the specifications' text.
 */

/**
 * `string`, `number`, `boolean`, `any`, the name of a shape, `[X]` or `{X}`; with `|` between them if versions differ.
 */
export type ShapeType = string;

export interface AnswerShapes {
  /** The answer of each operation that answers in JSON. */
  readonly operations: Readonly<Record<string, ShapeType>>;
  /** Fields of objects, by the object's name in the newest specification or by its place. */
  readonly shapes: Readonly<Record<string, Readonly<Record<string, ShapeType>>>>;
}

/** The parts of a schema that are read. */
interface Schema {
  readonly $ref?: string;
  readonly type?: string | readonly string[];
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly additionalProperties?: Schema | boolean;
  readonly items?: Schema;
  readonly allOf?: readonly Schema[];
}

/** A specification, parsed. */
export interface Specification {
  readonly definitions: Readonly<Record<string, Schema>>;
  readonly paths: Readonly<Record<string, Readonly<Record<string, SpecifiedOperation>>>>;
}

interface SpecifiedOperation {
  readonly operationId?: string;
  readonly parameters?: readonly { readonly in?: string; readonly schema?: Schema }[];
  readonly responses?: Readonly<Record<string, { readonly schema?: Schema }>>;
}

/** A schema and the specification that it is from. */
interface Found {
  readonly schema: Schema;
  readonly spec: Specification;
}

interface Resolved extends Found {
  readonly name: string | null;
}

const SCALARS: Readonly<Record<string, string>> = {
  string: "string",
  integer: "number",
  number: "number",
  boolean: "boolean",
};

function resolve({ schema, spec }: Found): Resolved {
  let name: string | null = null;
  let at = schema;
  while (at.$ref !== undefined) {
    name = at.$ref.split("/").at(-1) ?? "";
    at = spec.definitions[name] ?? {};
  }
  const parts = (at.allOf ?? []).map((part) => resolve({ schema: part, spec }).schema);
  const properties = Object.assign({}, ...parts.map((part) => part.properties), at.properties);
  // v1.25 has it one level too low
  const misplaced = at.properties?.["additionalProperties"];
  if (misplaced) return { name, schema: { additionalProperties: misplaced }, spec };
  const whole = parts.length > 0 ? { ...at, properties } : at;
  return { name, schema: whole, spec };
}

/** Unions are written in one order, each member once. */
const union = (types: readonly ShapeType[]): ShapeType =>
  [...new Set(types.flatMap((type) => splitUnion(type)))].toSorted().join("|");

/** Members of a union; members within brackets belong to the bracket. */
export function splitUnion(type: ShapeType): ShapeType[] {
  const members: ShapeType[] = [];
  let depth = 0;
  let from = 0;
  for (let at = 0; at < type.length; at++) {
    const sign = type[at] as string;
    if (sign === "[" || sign === "{") depth++;
    else if (sign === "]" || sign === "}") depth--;
    else if (sign === "|" && depth === 0) {
      members.push(type.slice(from, at));
      from = at + 1;
    }
  }
  return [...members, type.slice(from)];
}

class Reader {
  readonly shapes: Record<string, Record<string, ShapeType>> = {};
  readonly #seen = new Set<string>();
  readonly #numbers = new Map<Schema, number>();

  /** @param found newest first */
  read(place: string, found: readonly Found[]): ShapeType {
    const all = found.map(resolve);
    const objects = all.filter(({ schema }) => Object.keys(schema.properties ?? {}).length > 0);
    const below = (pick: (schema: Schema) => Schema | boolean | undefined): Found[] =>
      all.flatMap(({ schema, spec }) => {
        const inner = pick(schema);
        return typeof inner === "object" && !objects.some((object) => object.schema === schema)
          ? [{ schema: inner, spec }]
          : [];
      });
    const items = below(({ items }) => items);
    const values = below(({ additionalProperties }) => additionalProperties);
    return union([
      ...(objects.length > 0 ? [this.#object(place, objects)] : []),
      ...(items.length > 0 ? [`[${this.read(`${place}[]`, items)}]`] : []),
      ...(values.length > 0 ? [`{${this.read(`${place}{}`, values)}}`] : []),
      ...all.filter(({ schema }) => isLeaf(schema)).map(({ schema }) => scalarOf(schema)),
    ]);
  }

  #object(place: string, objects: readonly Resolved[]): string {
    const name = objects.find((object) => object.name !== null)?.name ?? place;
    const key = [name, ...objects.map(({ schema }) => this.#numberOf(schema))].join(" ");
    if (this.#seen.has(key)) return name;
    this.#seen.add(key);
    this.shapes[name] ??= {};
    const shape = this.shapes[name];
    for (const field of new Set(objects.flatMap(({ schema }) => Object.keys(schema.properties ?? {})))) {
      const found = objects.flatMap(({ schema, spec }) => {
        const inner = schema.properties?.[field];
        return inner ? [{ schema: inner, spec }] : [];
      });
      const type = this.read(`${name}.${field}`, found);
      shape[field] = shape[field] === undefined ? type : union([shape[field], type]);
    }
    return name;
  }

  #numberOf(schema: Schema): number {
    const number = this.#numbers.get(schema) ?? this.#numbers.size;
    this.#numbers.set(schema, number);
    return number;
  }
}

function isLeaf({ properties, items, additionalProperties }: Schema): boolean {
  return (
    Object.keys(properties ?? {}).length === 0 &&
    items === undefined &&
    (typeof additionalProperties !== "object" || additionalProperties === null)
  );
}

function scalarOf({ type }: Schema): string {
  const types = typeof type === "string" ? [type] : (type ?? []);
  return union(types.length === 0 ? ["any"] : types.map((one) => SCALARS[one] ?? "any"));
}

/**
 * @param specs newest first
 * @param wanted names of operations, as the newest has them
 */
function shapesOf(
  specs: readonly Specification[],
  wanted: ReadonlySet<string>,
  schemaOf: (operation: SpecifiedOperation | undefined) => Schema | undefined,
): AnswerShapes {
  const reader = new Reader();
  const operations: Record<string, ShapeType> = {};
  const [newest] = specs;
  for (const [path, methods] of Object.entries(newest?.paths ?? {}))
    for (const [method, { operationId = "" }] of Object.entries(methods)) {
      if (!wanted.has(operationId)) continue;
      const found = specs.flatMap((spec) => {
        const schema = schemaOf(spec.paths[path]?.[method]);
        return schema ? [{ schema, spec }] : [];
      });
      operations[operationId] = reader.read(operationId, found);
    }
  return { operations, shapes: reader.shapes };
}

export const answerShapes = (specs: readonly Specification[], wanted: ReadonlySet<string>): AnswerShapes =>
  shapesOf(specs, wanted, (operation) => operation?.responses?.["200"]?.schema);

/** The same for the bodies of requests. */
export const bodyShapes = (specs: readonly Specification[], wanted: ReadonlySet<string>): AnswerShapes =>
  shapesOf(specs, wanted, (operation) => operation?.parameters?.find((one) => one.in === "body")?.schema);

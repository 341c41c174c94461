/** The JSON Schema of role files, for editors. It is made from the same shapes that read the files. */
import { operations } from "../../engine/index.ts";
import { roleFileShape } from "./role-file.ts";
import type { Schema } from "./shape.ts";

/** Names of operations are completed; globs over them are allowed too. */
const OPERATION: Schema = {
  anyOf: [
    { enum: operations.map(({ name }) => name) },
    { type: "string", pattern: "^[A-Za-z]*\\*[A-Za-z*]*$" },
  ],
};

interface ListSchema extends Schema {
  readonly items: Schema;
}

function withNames(schema: Schema): Schema {
  const { properties, ...rest } = schema as { readonly properties: Readonly<Record<string, ListSchema>> };
  const lists = Object.entries(properties).map(([name, list]) => [name, { ...list, items: OPERATION }]);
  return { ...rest, properties: Object.fromEntries(lists) };
}

export function roleFileSchema(): Schema {
  const { schema } = roleFileShape;
  const properties = schema["properties"] as Readonly<Record<string, Schema>>;
  return {
    $schema: "https://json-schema.org/draft/2020-12/schema",
    title: "A role of tetherdock's gateway",
    ...schema,
    properties: { ...properties, operations: withNames(properties["operations"] ?? {}) },
  };
}

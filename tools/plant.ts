/**
 * Puts a text into every field of Docker's specifications, and shows how much of it a viewer would see. The shapes are
 * those of test/golden/policy/answer-shapes.json, read by tools/derive-answers.ts.
 */
import type { Mark } from "../src/policy/answers/mark.ts";
import { type AnswerShapes, type ShapeType, splitUnion } from "./answer-shapes.ts";

/** The place of a planted text, such as `ContainerSummary.Labels`, and the result. */
export interface Planted {
  readonly place: string;
  readonly type: ShapeType;
  readonly mark: Mark;
  /** `all`; the part that is left; or `nothing`. */
  readonly seen: string;
}

export const SECRET = "s3cret";
/** A name, a program, an address: the part of a text that is not secret, and the part that is. */
const TEXT = `program=${SECRET} ${SECRET} http://u:${SECRET}@host/?t=${SECRET}`;

type Shapes = AnswerShapes["shapes"];

/** One value for each form of the type; objects are empty, because their fields are planted separately. */
function valuesOf(type: ShapeType, shapes: Shapes): unknown[] {
  const [first, inner] = [type[0], type.slice(1, -1)];
  if (first === "[") return everyValue(inner, shapes).map((value) => [value, value]);
  if (first === "{") return everyValue(inner, shapes).map((value) => ({ planted: value }));
  if (type === "number") return [4711];
  if (type === "boolean") return [true];
  if (type === "any") return [TEXT, { planted: TEXT, deep: [{ planted: TEXT }] }];
  return Object.hasOwn(shapes, type) ? [{ planted: TEXT }] : [TEXT];
}

const everyValue = (union: ShapeType, shapes: Shapes): unknown[] =>
  splitUnion(union).flatMap((type) => valuesOf(type, shapes));

function seenOf(before: unknown, mark: Mark): string {
  const after = JSON.stringify(mark.show(before));
  if (after === undefined) return "nothing";
  return after === JSON.stringify(before) ? "all" : after;
}

/** The shapes of a type, or of the list or map that it is. */
export function shapesIn(union: ShapeType, shapes: Shapes): string[] {
  return splitUnion(union).flatMap((type) => {
    if (Object.hasOwn(shapes, type)) return [type];
    return /^[[{]/.test(type) ? shapesIn(type.slice(1, -1), shapes) : [];
  });
}

/** @returns the result for each field, and the fields without a mark, which nobody has examined */
export function plantAll(
  { operations, shapes }: AnswerShapes,
  marks: ReadonlyMap<string, Mark>,
): { readonly planted: readonly Planted[]; readonly unmarked: readonly string[] } {
  const planted = new Map<string, Planted>();
  const unmarked = new Set<string>();
  const visited = new Map<Mark["fields"], Set<string>>();
  const visit = (shape: string, { fields }: Mark): void => {
    const before = visited.get(fields) ?? new Set();
    visited.set(fields, before);
    if (before.has(shape)) return;
    before.add(shape);
    for (const [field, type] of Object.entries(shapes[shape] ?? {})) {
      const mark = fields?.[field];
      if (mark) plant(`${shape}.${field}`, type, mark);
      else unmarked.add(`${shape}.${field}`);
    }
  };
  const plant = (place: string, type: ShapeType, mark: Mark): void => {
    for (const value of everyValue(type, shapes)) {
      const seen = seenOf(value, mark);
      planted.set(`${place} ${seen}`, { place, type, mark, seen });
    }
    if (mark.fields !== null) for (const shape of shapesIn(type, shapes)) visit(shape, mark);
  };
  for (const [name, type] of Object.entries(operations)) {
    const mark = marks.get(name);
    if (mark) for (const shape of shapesIn(type, shapes)) visit(shape, mark);
  }
  return { planted: [...planted.values()], unmarked: [...unmarked] };
}

/** A complete answer with one value in every field, and `more` in every object. */
export function wholeAnswer(union: ShapeType, shapes: Shapes, more: () => Record<string, unknown>): unknown {
  const [type = ""] = splitUnion(union);
  if (type[0] === "[") return [wholeAnswer(type.slice(1, -1), shapes, more)];
  if (type[0] === "{") return { planted: wholeAnswer(type.slice(1, -1), shapes, more) };
  const shape = shapes[type];
  if (!shape) return type === "number" ? 1 : type === "boolean" ? true : type === "any" ? more() : "x";
  const known = Object.entries(shape).map(([field, inner]) => [field, wholeAnswer(inner, shapes, more)]);
  return { ...Object.fromEntries(known), ...more() };
}

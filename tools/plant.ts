/**
 * Answers with something planted in every field that Docker's specifications know: what of it a viewer would see. The
 * shapes are those of test/golden/policy/answer-shapes.json, read by tools/derive-answers.ts.
 */
import type { Mark } from "../src/policy/answers/mark.ts";
import { type AnswerShapes, type ShapeType, splitUnion } from "./answer-shapes.ts";

/** Where something was planted, such as `ContainerSummary.Labels`, and how it came out. */
export interface Planted {
  readonly place: string;
  readonly type: ShapeType;
  readonly mark: Mark;
  /** `all`; what is left of it; or `nothing`. */
  readonly seen: string;
}

export const SECRET = "s3cret";
/** A name, a program, an address: what is not secret of a text, and what is. */
const TEXT = `program=${SECRET} ${SECRET} http://u:${SECRET}@host/?t=${SECRET}`;

type Shapes = AnswerShapes["shapes"];

/** One value for each form that the type may have; objects are empty, for what is in them is planted by itself. */
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

/** Shapes that a type is of, or is a list or map of. */
export function shapesIn(union: ShapeType, shapes: Shapes): string[] {
  return splitUnion(union).flatMap((type) => {
    if (Object.hasOwn(shapes, type)) return [type];
    return /^[[{]/.test(type) ? shapesIn(type.slice(1, -1), shapes) : [];
  });
}

/** @returns what became of each field, and the fields that have no mark: nobody has looked at them */
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

/** A whole answer with one value in every field, and `more` in every object beside what is known. */
export function wholeAnswer(union: ShapeType, shapes: Shapes, more: () => Record<string, unknown>): unknown {
  const [type = ""] = splitUnion(union);
  if (type[0] === "[") return [wholeAnswer(type.slice(1, -1), shapes, more)];
  if (type[0] === "{") return { planted: wholeAnswer(type.slice(1, -1), shapes, more) };
  const shape = shapes[type];
  if (!shape) return type === "number" ? 1 : type === "boolean" ? true : type === "any" ? more() : "x";
  const known = Object.entries(shape).map(([field, inner]) => [field, wholeAnswer(inner, shapes, more)]);
  return { ...Object.fromEntries(known), ...more() };
}

/**
 * Protobuf messages, read by a model that says which fields there are. What the engine gets is written anew from what was
 * read. A field that the model lacks is refused, and so is a field or a key of a map that appears twice: protobuf's readers
 * take the last one.
 */
import { BinaryReader, BinaryWriter, WireType } from "@bufbuild/protobuf/wire";

export type Value = string | boolean | bigint | Uint8Array | Message | readonly Value[] | Entries;
/** By the names of fields; a field that is not there has its zero value. */
export interface Message {
  readonly [name: string]: Value;
}
export type Entries = ReadonlyMap<string, Value>;

export interface Type {
  readonly wire: WireType;
  readonly none: Value;
  readonly read: (reader: BinaryReader, place: string, budget: Budget) => Value;
  readonly write: (writer: BinaryWriter, value: Value) => void;
}

interface Field {
  readonly name: string;
  readonly type: Type;
  readonly many: "one" | "list" | "map";
}

/** The fields of a message by their numbers. */
export type Model = Readonly<Record<number, Field>>;

/** How many fields may still be read: each takes memory that its two bytes do not show. */
interface Budget {
  left: number;
}

const MOST_FIELDS = 8_192;

/** A message that is not read: the text says where and why. */
export class WireError extends Error {}

const scalar = (wire: WireType, none: Value, read: Type["read"], write: Type["write"]): Type => ({
  ...{ wire, none, read, write },
});

export const text: Type = scalar(
  WireType.LengthDelimited,
  "",
  (reader) => reader.string(true),
  (writer, value) => void writer.string(value as string),
);
export const bytes: Type = scalar(
  WireType.LengthDelimited,
  new Uint8Array(),
  (reader) => reader.bytes(),
  (writer, value) => void writer.bytes(value as Uint8Array),
);
export const flag: Type = scalar(
  WireType.Varint,
  false,
  (reader) => reader.bool(),
  (writer, value) => void writer.bool(value as boolean),
);
/** Every kind of integer, and enumerations. */
export const integer: Type = scalar(
  WireType.Varint,
  0n,
  (reader) => BigInt(reader.int64()),
  (writer, value) => void writer.int64(value as bigint),
);

export const one = (name: string, type: Type): Field => ({ name, type, many: "one" });
export const list = (name: string, type: Type): Field => ({ name, type, many: "list" });
/** A map whose keys are strings: on the wire, messages with a key and a value. */
export const map = (name: string, type: Type): Field => ({
  name,
  type: {
    ...message({ 1: one("key", text), 2: one("value", type) }),
    none: { key: text.none, value: type.none },
  },
  many: "map",
});

export function message(model: Model): Type {
  return {
    wire: WireType.LengthDelimited,
    none: {},
    read: (reader, place, budget) => readFields(new BinaryReader(reader.bytes()), model, place, budget),
    write: (writer, value) => {
      writer.fork();
      writeFields(writer, model, value as Message);
      writer.join();
    },
  };
}

function entryOf(reader: BinaryReader, type: Type, place: string, budget: Budget): [string, Value] {
  const { key, value } = {
    ...(type.none as { key: string; value: Value }),
    ...(type.read(reader, place, budget) as Message),
  };
  return [key, value];
}

function added(
  field: Field,
  before: Value | undefined,
  reader: BinaryReader,
  place: string,
  budget: Budget,
): Value {
  const { type, many } = field;
  if (many === "one") {
    if (before !== undefined) throw new WireError(`${place} appears twice`);
    return type.read(reader, place, budget);
  }
  if (many === "list") {
    const all = (before ?? []) as Value[];
    all.push(type.read(reader, place, budget));
    return all;
  }
  const all = (before ?? new Map()) as Map<string, Value>;
  const [key, value] = entryOf(reader, type, place, budget);
  if (all.has(key)) throw new WireError(`${place}.${key.slice(0, 80)} appears twice`);
  return all.set(key, value);
}

function readFields(reader: BinaryReader, model: Model, place: string, budget: Budget): Message {
  const found: Record<string, Value> = {};
  while (reader.pos < reader.len) {
    const [number, wire] = reader.tag();
    const field = Object.hasOwn(model, number) ? model[number] : undefined;
    if (field === undefined) throw new WireError(`${place} has the unknown field ${number}`);
    const at = `${place}.${field.name}`;
    if (wire !== field.type.wire) throw new WireError(`${at} has another type than the engine expects`);
    if (--budget.left < 0) throw new WireError("the message has too many fields");
    found[field.name] = added(field, found[field.name], reader, at, budget);
  }
  return found;
}

function writeFields(writer: BinaryWriter, model: Model, found: Message): void {
  for (const [number, { name, type, many }] of Object.entries(model)) {
    const value = found[name];
    if (value === undefined) continue;
    const put = (each: Value) => {
      writer.tag(Number(number), type.wire);
      type.write(writer, each);
    };
    if (many === "one") put(value);
    else if (many === "list") for (const each of value as readonly Value[]) put(each);
    else for (const [key, each] of value as Entries) put({ key, value: each });
  }
}

/** @param name of the message, for the text of an error @throws WireError */
export function read(encoded: Uint8Array, model: Model, name: string): Message {
  try {
    return readFields(new BinaryReader(encoded), model, name, { left: MOST_FIELDS });
  } catch (error) {
    if (error instanceof WireError) throw error;
    throw new WireError(`${name} is not protobuf as the engine reads it`);
  }
}

export function write(found: Message, model: Model): Uint8Array {
  const writer = new BinaryWriter();
  writeFields(writer, model, found);
  return writer.finish();
}

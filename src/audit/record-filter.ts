/** Selects records. It works on unparsed lines, because a log has millions of them. */
import { json } from "../base/index.ts";

/** The selection; a missing field selects everything. */
export interface RecordSelection {
  /** Milliseconds since the Unix epoch. */
  readonly sinceMs?: number | undefined;
  /** A client's name, exactly. */
  readonly client?: string | undefined;
  /** With `client`: also the records of this key, from when the client had another name. SHA-256, hex. */
  readonly key?: string | undefined;
}

const TIME_AT = '{"time":'.length;

/** @param line of a record, as `createRecordFormat` makes it @returns milliseconds since the Unix epoch */
export function timeOfRecord(line: string): number {
  return Number.parseFloat(line.slice(TIME_AT, TIME_AT + 20));
}

const CLIENT = /,"client":("(?:[^"\\]|\\.){1,1024}"),/;

/** @param line of a record @returns the client's name; undefined if it has none, or is not a record */
export function clientOf(line: string): string | undefined {
  const read = json.read(CLIENT.exec(line)?.[1] ?? "", json.words());
  return "value" in read ? read.value : undefined;
}

/**
 * @returns a predicate for records' lines as `createRecordFormat` makes them. They need no parsing: quotes inside JSON
 *   strings are escaped, so the text that it searches for can only be the field itself.
 */
export function createRecordFilter({ sinceMs, client, key }: RecordSelection): (line: string) => boolean {
  const fields = [
    ...(client === undefined ? [] : [`,"client":${JSON.stringify(client)},`]),
    ...(client === undefined || key === undefined ? [] : [`,"fingerprint":${JSON.stringify(key)},`]),
  ];
  return (line) => {
    if (sinceMs !== undefined && timeOfRecord(line) < sinceMs) return false;
    return client === undefined || fields.some((field) => line.includes(field));
  };
}

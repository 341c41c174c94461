/**
 * `POST /session`: the engine calls the client's laptop on this connection, for files, secrets and logins. What the laptop
 * answers is only input to its own build, but its files must be files. The engine gets a new head: the session's ID belongs to the client, and only calls
 * that builds need are offered to it.
 */
import { BinaryReader, WireType } from "@bufbuild/protobuf/wire";
import { type Refusal, refusal } from "../refusal.ts";
import { ownId } from "./own-id.ts";

export type Fields = readonly (readonly [name: string, value: string])[];

const PREFIX = "X-Docker-Expose-Session-";

/**
 * The engine also calls what it does not need for a build, such as content stores, and uploads of archives, which are refused as
 * contexts: those are left out.
 */
const SERVED =
  /^\/(?:grpc\.health\.v1\.Health|moby\.filesync\.v1\.(?:FileSync|FileSend|Auth)|moby\.buildkit\.secrets\.v1\.Secrets|moby\.sshforward\.v1\.SSH)\/[A-Za-z]{1,40}$/;

const MOST_METHODS = 64;
const NAME = /^[\w. @:+-]{0,128}$/;

const refused = (why: string): Refusal => refusal("session", why);

/** @param valuesOf the values of a field, one for each time that it appears */
export function judgeSession(valuesOf: (name: string) => readonly string[], owner: string): Fields | Refusal {
  const one = (name: string): string | null => {
    const [value = "", ...others] = valuesOf(PREFIX + name);
    return others.length === 0 ? value : null;
  };
  const id = one("Uuid");
  const shared = one("SharedKey");
  const name = one("Name");
  const methods = valuesOf(`${PREFIX}Grpc-Method`);
  if (id === null || id === "") return refused("the session has no ID, or more than one");
  if (shared === null || name === null) return refused("a field of the session appears twice");
  if (methods.length > MOST_METHODS) return refused("the session offers too many calls");
  return [
    ["Connection", "Upgrade"],
    ["Upgrade", "h2c"],
    [`${PREFIX}Uuid`, ownId("session", owner, id)],
    [`${PREFIX}Name`, NAME.test(name) ? name : "build"],
    // uploads with one key continue from each other, so the key is the client's own too
    [`${PREFIX}Sharedkey`, ownId("shared", owner, shared)],
    ...methods
      .filter((method) => SERVED.test(method))
      .map((method) => [`${PREFIX}Grpc-Method`, method] as const),
  ];
}

/** `fsutil.types.Packet`: a part of an upload. What other messages have in these places is text, which never looks like a mode. */
const STAT = 2;
const CONTENT = 4;
/** `fsutil.types.Stat` */
const MODE = 2;
/** Go's file modes: devices, character devices, pipes. */
const SPECIAL = 0x4000000 | 0x200000 | 0x2000000;

/** @param start of a message @param length of all of it @returns whether it has no fields but numbers and, as the last, a file's content */
export function isContent(start: Uint8Array, length: number): boolean {
  const reader = new BinaryReader(start);
  try {
    while (reader.pos < reader.len) {
      const [field, wire] = reader.tag();
      if (field === CONTENT && wire === WireType.LengthDelimited) {
        const bytes = reader.uint32();
        return reader.pos + bytes === length;
      }
      if (wire !== WireType.Varint) return false;
      reader.skip(wire);
    }
  } catch {}
  return false;
}

/**
 * Skips a field as the most lenient of Go's readers does: groups may be nested at any depth, their ends need not match, and the
 * fields in them may have any number. What this reader refused and the engine read would pass unseen.
 */
function skipField(reader: BinaryReader, wire: WireType): void {
  let depth = 0;
  for (let next = wire; ; next = (reader.uint32() & 7) as WireType) {
    if (next === WireType.StartGroup) depth++;
    else if (next === WireType.EndGroup) depth--;
    else reader.skip(next);
    if (depth <= 0) return;
  }
}

/**
 * Goes through a message up to its end, or to where no engine can read it.
 * @param take the field's value if it returns true
 */
function eachField(
  bytes: Uint8Array,
  take: (field: number, wire: WireType, reader: BinaryReader) => boolean,
): void {
  const reader = new BinaryReader(bytes);
  try {
    while (reader.pos < reader.len) {
      const [field, wire] = reader.tag();
      if (!take(field, wire, reader)) skipField(reader, wire);
    }
  } catch {
    // text, or what the engine cannot read either
  }
}

function modeOf(stat: Uint8Array): number {
  let mode = 0;
  eachField(stat, (field, wire, reader) => {
    if (field !== MODE || wire !== WireType.Varint) return false;
    // readers take the last one; all of them are looked at
    mode |= reader.uint32();
    return true;
  });
  return mode;
}

/**
 * The engine creates the files that a session sends, as root on the host, and reads the Dockerfile: if that is a device, it reads the
 * host's disk, and if it is a pipe, it waits for ever.
 * @returns why a message that a client sends on a session must not reach the engine; null: it may
 */
export function refuseSent(message: Uint8Array): string | null {
  let mode = 0;
  eachField(message, (field, wire, reader) => {
    if (field !== STAT || wire !== WireType.LengthDelimited) return false;
    mode |= modeOf(reader.bytes());
    return true;
  });
  return (mode & SPECIAL) === 0 ? null : "the build's files have a device or a pipe";
}

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
const PATH = 1;
const MODE = 2;
const ATTRIBUTES = 10;
const NAME_OF_ENTRY = 1;
/** Go's file modes: devices, character devices, pipes. */
const SPECIAL = 0x4000000 | 0x200000 | 0x2000000;
const LINK = 0x8000000;
/** Laptops send these for every file: the label of SELinux, and what Linux does not accept. */
const OF_LAPTOPS = /^(?:security\.selinux$|com\.apple\.)/;

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
      // not `tag()`, which refuses what is 0 in the low 32 bits: Go reads 64
      const tag = reader.uint32();
      const wire: WireType = tag & 7;
      if (!take(tag >>> 3, wire, reader)) skipField(reader, wire);
    }
  } catch {
    // text, or what the engine cannot read either
  }
}

/** What a message says of a file. Readers take the last of a field; all of them are looked at. */
interface Sent {
  mode: number;
  /** The path is the folder itself, or leads out of it. */
  leadsOut: boolean;
  hasAttributes: boolean;
}

const isOutside = (path: string): boolean => path.split("/").some((part) => part === "." || part === "..");

/** @returns whether a part of a map of attributes has a name that laptops do not have on every file */
function isAttribute(entry: Uint8Array): boolean {
  let [names, ordinary] = [0, 0];
  eachField(entry, (field, wire, reader) => {
    if (field !== NAME_OF_ENTRY || wire !== WireType.LengthDelimited) return false;
    names++;
    if (OF_LAPTOPS.test(Buffer.from(reader.bytes()).toString("latin1"))) ordinary++;
    return true;
  });
  return names === 0 || ordinary < names;
}

/** Each field is read to its end, whatever is known already: the next one begins there. */
function readStat(stat: Uint8Array, sent: Sent): void {
  eachField(stat, (field, wire, reader) => {
    if (field === MODE && wire === WireType.Varint) {
      sent.mode |= reader.uint32();
      return true;
    }
    if ((field !== PATH && field !== ATTRIBUTES) || wire !== WireType.LengthDelimited) return false;
    const value = reader.bytes();
    if (field === PATH && isOutside(Buffer.from(value).toString("latin1"))) sent.leadsOut = true;
    if (field === ATTRIBUTES && isAttribute(value)) sent.hasAttributes = true;
    return true;
  });
}

/**
 * The engine creates the files that a session sends, as root on the host, and reads the Dockerfile: if that is a device, it reads the
 * host's disk, and if it is a pipe, it waits for ever. If the folder itself is sent as a link, everything behind it goes where the
 * link leads (fsutil; GHSA-g2h8-426c-7976 is the same with `..`), and attributes of a link are set on what it leads to
 * (GHSA-w26x-xg27-7qjc).
 * @returns why a message that a client sends on a session must not reach the engine; null: it may
 */
export function refuseSent(message: Uint8Array): string | null {
  const sent: Sent = { mode: 0, leadsOut: false, hasAttributes: false };
  eachField(message, (field, wire, reader) => {
    if (field !== STAT || wire !== WireType.LengthDelimited) return false;
    readStat(reader.bytes(), sent);
    return true;
  });
  if ((sent.mode & SPECIAL) !== 0) return "the build's files have a device or a pipe";
  if (sent.leadsOut) return "the build's files have a path that leads out of their folder";
  return (sent.mode & LINK) !== 0 && sent.hasAttributes
    ? "the build's files have a link with extended attributes; remove these with setfattr -h -x, or leave the link out with .dockerignore"
    : null;
}

/**
 * The messages that a client sends on a session: parts of uploads, and answers with logins, secrets and signatures. The engine
 * creates the files of an upload as root on the host. A message passes only if it is written as Docker's own clients write it,
 * byte for byte: what is not exactly that, readers of protobuf may read in different ways, and the engine has several.
 */
import { BinaryReader, BinaryWriter, WireType } from "@bufbuild/protobuf/wire";
import { bytes, integer, list, type Message, type Model, message, one } from "../wire.ts";
import { exactly } from "./exactly.ts";

/** What is known of one call that the engine makes on a session. */
export interface SentStream {
  /** It is an upload, where the engine's reader takes every message for a packet. */
  readonly isUpload: boolean;
  /** If it is an upload: all of its files are listed. */
  isListed: boolean;
  /** Somebody else than root has a file of the list. */
  hasOwners: boolean;
}

/** `fsutil.types.Stat`. Names are bytes: not all are UTF-8. */
const STAT: Model = {
  1: one("path", bytes),
  2: one("mode", integer),
  3: one("uid", integer),
  4: one("gid", integer),
  5: one("size", integer),
  6: one("modTime", integer),
  7: one("linkname", bytes),
  8: one("devmajor", integer),
  9: one("devminor", integer),
  10: list("xattrs", message({ 1: one("key", bytes), 2: one("value", bytes) })),
};
/** `fsutil.types.Packet`: a part of an upload; also `grpc.health.v1.HealthCheckResponse`. */
const PACKET: Model = {
  1: one("type", integer),
  2: one("stat", message(STAT)),
  3: one("id", integer),
  4: one("data", bytes),
};
/** `moby.filesync.v1.FetchTokenResponse` */
const TOKEN: Model = { 1: one("token", bytes), 2: one("expiresIn", integer), 3: one("issuedAt", integer) };
/** `moby.filesync.v1.CredentialsResponse`; with the first field alone, secrets, signatures and what an ssh agent says. */
const LOGIN: Model = { 1: one("name", bytes), 2: one("secret", bytes) };

/** What a packet is, a number of 32 bits in Go: a file of the list, or without one the end of the list; a file's content. */
const LISTS = 0n;
const CONTENT = 2n;
const typeOf = (packet: Message): bigint => BigInt.asUintN(32, (packet["type"] as bigint | undefined) ?? 0n);

/** Go's file modes: devices, character devices, pipes. */
const SPECIAL = 0x4000000n | 0x200000n | 0x2000000n;
const LINK = 0x8000000n;
const FOLDER = 0x80000000n;
/** Laptops send these for every file: the label of SELinux, and what Linux does not accept. */
const OF_LAPTOPS = /^(?:security\.selinux$|com\.apple\.)/;

/**
 * The receiver makes a changed file under such a name, in the file's folder, and opens it without asking whether it is there. The
 * digits are a simple random sequence's, and an error message shows where it is. A file of that name would be moved away while its
 * content is still awaited, and the content would go to what comes next under the name.
 */
const TEMPORARY = /(?:^|\/)\.tmp\.\d{9}$/;

/** All but tabs and line breaks, which files with keys have. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is looked for
const CONTROLS = /[\0-\x08\x0b\x0c\x0e-\x1f]/;
const LEADS_OUT = /\n[\s\S]\.|\/\./;

const STRANGE = "the session sends what Docker's clients do not send";

const latin = (value: unknown): string => Buffer.from((value ?? []) as Uint8Array).toString("latin1");

const isOutside = (path: string): boolean => path.split("/").some((part) => part === "." || part === "..");

/**
 * A device: the engine reads the host's disk; a pipe: it waits for ever. The folder itself as a link: all that follows is written
 * where the link leads (GHSA-g2h8-426c-7976 is the same with `..`); and so is what follows a link of the receiver's next temporary
 * name. Attributes of a link are set on what it leads to (GHSA-w26x-xg27-7qjc).
 */
function refuseFile(stat: Message): string | null {
  const mode = (stat["mode"] as bigint | undefined) ?? 0n;
  if ((mode & SPECIAL) !== 0n) return "the build's files have a device or a pipe";
  const path = latin(stat["path"]);
  if (isOutside(path)) return "the build's files have a path that leads out of their folder";
  if (TEMPORARY.test(path))
    return "the build's files have a name that Docker uses for temporary files; rename it, or leave it out with .dockerignore";
  if ((mode & LINK) === 0n) return null;
  const attributes = (stat["xattrs"] as readonly Message[] | undefined) ?? [];
  return attributes.some(({ key }) => !OF_LAPTOPS.test(latin(key)))
    ? "the build's files have a link with extended attributes; remove these with setfattr -h -x, or leave the link out with .dockerignore"
    : null;
}

/**
 * A password is where an upload has its file, and some readers would take it for one. Text cannot make it a link or a device: the
 * field's tag is a control character. Its path could be text, behind a line break and a length; it must not lead out.
 */
function isSecret(secret: Uint8Array): boolean {
  try {
    const shown = new TextDecoder("utf-8", { fatal: true }).decode(secret);
    if (CONTROLS.test(shown)) return false;
    return !shown.includes("\n") || !LEADS_OUT.test(shown);
  } catch {
    return false;
  }
}

/** @param start of a message @param length of all of it @returns whether the rest of it is a file's content */
export function isContent(start: Uint8Array, length: number): boolean {
  const reader = new BinaryReader(start);
  const head = new BinaryWriter();
  try {
    for (let last = 0; ; ) {
      const [field, wire] = reader.tag();
      if (field <= last || !Object.hasOwn(PACKET, field) || (last === 0 && field !== 1)) return false;
      head.tag(field, wire);
      last = field;
      if (wire === WireType.Varint && field !== 4) {
        const value = BigInt(reader.int64());
        if (field === 1 && value !== CONTENT) return false;
        head.int64(value);
      } else if (wire !== WireType.LengthDelimited || field !== 4) return false;
      else break;
    }
    const bytesToCome = reader.uint32();
    head.uint32(bytesToCome);
    return (
      reader.pos + bytesToCome === length && Buffer.from(head.finish()).equals(start.subarray(0, reader.pos))
    );
  } catch {
    return false;
  }
}

const isOwned = ({ uid = 0n, gid = 0n }: Message): boolean => uid !== 0n || gid !== 0n;

/**
 * Where the host maps users, the receiver leaves out what belongs to a user whom it cannot map, and goes on as if it had made it:
 * what is in such a folder is written through a link that an earlier upload has put in its place, and a hard link to such a file is
 * one to that link. Docker's clients send root as the owner of everything; older ones not of the Dockerfile.
 */
function refuseOwner(stat: Message, stream: SentStream): string | null {
  const mode = (stat["mode"] as bigint | undefined) ?? 0n;
  stream.hasOwners ||= isOwned(stat);
  if (isOwned(stat) && (mode & FOLDER) !== 0n) return "the build's files have a folder with an owner";
  const isHardLink = (mode & LINK) === 0n && latin(stat["linkname"]) !== "";
  return isHardLink && stream.hasOwners ? "the build's files have hard links and owners" : null;
}

/** The receiver closes its queue at the end of the list: what is listed behind it, or a second end, ends dockerd. */
function refusePacket(packet: Message, stream: SentStream): string | null {
  const stat = packet["stat"] as Message | undefined;
  if (typeOf(packet) === LISTS) {
    if (stream.isListed) return "the session lists files after the end of their list";
    stream.isListed = stat === undefined;
  }
  return refuseFile(stat ?? {}) ?? refuseOwner(stat ?? {}, stream);
}

/** @param stream on which it is sent, changed here @returns why a message that a client sends on a session must not reach the engine; null: it may */
export function refuseSent(sent: Uint8Array, stream: SentStream): string | null {
  const packet = exactly(sent, PACKET);
  if (packet !== null) return refusePacket(packet, stream);
  if (stream.isUpload) return STRANGE;
  if (exactly(sent, TOKEN) !== null) return null;
  const login = exactly(sent, LOGIN);
  if (login !== null && isSecret((login["secret"] as Uint8Array | undefined) ?? new Uint8Array()))
    return null;
  return STRANGE;
}

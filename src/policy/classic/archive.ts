/**
 * The archive of a build's files. It is read strictly, and written anew: the engine gets only files, folders and links, each
 * path once, and none behind a link. A device among them would be opened by the engine as root on the host.
 * @see POSIX, pax
 */
import { tar } from "../../base/index.ts";
import { isPlainTar } from "../body/tar.ts";
import { refuse } from "../build/refusal.ts";
import { CallProblem } from "../refusal.ts";

export type Entry = tar.Entry;

const LONGEST_PATH = 1024;
const DEEPEST = 64;
const TYPES: Readonly<Record<string, Entry["type"]>> = {
  ...{ "\0": "file", "0": "file", "1": "hard link", "2": "symlink", "5": "folder" },
};

export const CHECK = "context";

const problem = (why: string): CallProblem => new CallProblem(CHECK, `the build's files: ${why}`);

/** UTF-8 without NUL. */
function textOf(bytes: Buffer): string {
  try {
    const text = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
    if (!text.includes("\0")) return text;
  } catch {}
  throw problem("a name is not UTF-8");
}

const untilNul = (bytes: Buffer): Buffer => {
  const end = bytes.indexOf(0);
  return end < 0 ? bytes : bytes.subarray(0, end);
};

/** @returns the path as the engine would have it; empty: the folder itself */
function cleanPath(text: string): string {
  if (text.length > LONGEST_PATH) throw problem("a path is too long");
  const path = text.replace(/^(?:\.\/+)+/, "").replace(/\/+$/, "");
  if (path === "" || path === ".") return "";
  const parts = path.split("/");
  if (parts.length > DEEPEST) throw problem("a path is too long");
  if (parts.some((part) => part === "" || part === "." || part === ".."))
    refuse(CHECK, "a path of the build's files", text, "it is absolute, or has a dot for a folder");
  return path;
}

/** What a pax header says of the next entry. Times, users and extended attributes are left out. */
function paxOf(data: Buffer): Map<string, string> {
  const found = new Map<string, string>();
  for (let at = 0; at < data.length; ) {
    const space = data.indexOf(0x20, at);
    const length = Number(data.toString("latin1", at, space));
    const record = data.subarray(space + 1, at + length);
    const equals = record.indexOf(0x3d);
    if (
      space < 0 ||
      !(length > space - at + 1) ||
      at + length > data.length ||
      record.at(-1) !== 0x0a ||
      equals < 0
    )
      throw problem("a pax header is damaged");
    const key = record.toString("latin1", 0, equals);
    if (key === "size" || key.startsWith("GNU.sparse")) throw problem("sparse files are not allowed");
    if (key === "path" || key === "linkpath") found.set(key, textOf(record.subarray(equals + 1, -1)));
    at += length;
  }
  return found;
}

/** Two entries could be one file for the engine if a path went through a link, or appeared twice. */
function checkPaths(entries: ReadonlyMap<string, Entry>): void {
  for (const { path, type, target } of entries.values()) {
    for (let at = path.indexOf("/"); at >= 0; at = path.indexOf("/", at + 1))
      if ((entries.get(path.slice(0, at))?.type ?? "folder") !== "folder")
        refuse(CHECK, "a path of the build's files", path, "it leads through something that is no folder");
    if (type === "hard link" && entries.get(target)?.type !== "file")
      refuse(CHECK, "a hard link of the build's files", path, "it links to no file among them");
  }
}

/** @throws CallProblem */
export function readArchive(bytes: Buffer): ReadonlyMap<string, Entry> {
  if (!isPlainTar(bytes)) throw problem("the archive is no tar, and not one that gzip has compressed");
  const entries = new Map<string, Entry>();
  let named = new Map<string, string>();
  for (let at = 0; at < bytes.length; ) {
    const block = bytes.subarray(at, at + tar.BLOCK);
    if (block.every((byte) => byte === 0)) break;
    const header = tar.readHeader(block);
    const end = at + tar.BLOCK + (header?.size ?? 0);
    if (header === null || end > bytes.length) throw problem("the archive is damaged");
    const data = bytes.subarray(at + tar.BLOCK, end);
    at = at + tar.BLOCK + Math.ceil(header.size / tar.BLOCK) * tar.BLOCK;
    if (header.type === "x") named = new Map([...named, ...paxOf(data)]);
    else if (header.type === "L") named.set("path", textOf(untilNul(data)));
    else if (header.type === "K") named.set("linkpath", textOf(untilNul(data)));
    else if (header.type !== "g") {
      const entry = entryOf(header, named, data);
      if (entries.has(entry.path))
        refuse(CHECK, "a path of the build's files", entry.path, "it appears twice");
      if (entry.path !== "") entries.set(entry.path, entry);
      named = new Map();
    }
  }
  checkPaths(entries);
  return entries;
}

function entryOf(header: tar.Header, named: ReadonlyMap<string, string>, data: Buffer): Entry {
  const name = named.get("path") ?? textOf(header.name);
  const listed = TYPES[header.type];
  if (listed === undefined)
    refuse(
      CHECK,
      "the build's file",
      name,
      "only files, folders and links are allowed, no devices and pipes",
    );
  const type = listed === "file" && name.endsWith("/") ? "folder" : listed;
  if (type !== "file" && data.length > 0) throw problem("the archive is damaged");
  const link = named.get("linkpath") ?? textOf(header.link);
  if (link.length > LONGEST_PATH) throw problem("a path is too long");
  const target = type === "hard link" ? cleanPath(link) : link;
  return { path: cleanPath(name), type, mode: header.mode, time: header.time, target, data };
}

/** The messages of an upload, to write them. @see tonistiigi/fsutil, types/wire.proto */
import { bytes, integer, list, type Model, message, one, text } from "../../../src/policy/build/wire.ts";

const ATTRIBUTE: Model = { 1: one("key", text), 2: one("value", bytes) };
export const STAT: Model = {
  ...{
    1: one("path", text),
    2: one("mode", integer),
    3: one("uid", integer),
    4: one("gid", integer),
    5: one("size", integer),
    6: one("modTime", integer),
  },
  ...{ 7: one("linkname", text), 8: one("devmajor", integer), 10: list("xattrs", message(ATTRIBUTE)) },
};
export const PACKET: Model = {
  ...{ 1: one("type", integer), 2: one("stat", message(STAT)) },
  ...{ 3: one("id", integer), 4: one("data", bytes) },
};

/** The only reader and writer of JSON (docs/adr/0016). */
export { format, safeLine } from "./format.ts";
export { type Bounds, parse } from "./parse.ts";
export {
  type Complain,
  count,
  type Field,
  type Fields,
  flag,
  list,
  matching,
  number,
  object,
  oneOf,
  only,
  openObject,
  orNull,
  type Read,
  read,
  sha256,
  textOf,
  time,
  words,
} from "./read.ts";

/** Tar archives. @see POSIX, pax: ustar */
export {
  BLOCK,
  CHECKSUM,
  CHECKSUM_END,
  type Header,
  MAGIC,
  readHeader,
  sumOf,
  writeHeader,
} from "./header.ts";
export { type Entry, writeArchive } from "./write-archive.ts";

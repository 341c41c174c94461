/** Whether an archive is a tar that no engine takes for a compressed one. */
import { tar } from "../../base/index.ts";

/** Most bytes of an archive that a judge reads whole: a half of what the gateway holds for one client by default. */
export const ARCHIVE_BYTES = 4 * 1024 * 1024;

/** What the engine looks for at the beginning, whatever follows. @see moby/go-archive, compression */
const COMPRESSED: readonly Buffer[] = ["425a68", "1f8b08", "fd377a585a00", "28b52ffd"].map((hex) =>
  Buffer.from(hex, "hex"),
);
/** zstd's skippable frames begin with 50 to 5f. */
const SKIPPABLE = Buffer.from("2a4d18", "hex");

function isCompressed(bytes: Buffer): boolean {
  const [first = 0] = bytes;
  return (
    COMPRESSED.some((magic) => bytes.subarray(0, magic.length).equals(magic)) ||
    (first >= 0x50 && first <= 0x5f && bytes.subarray(1, 4).equals(SKIPPABLE))
  );
}

/** @param bytes the whole archive, or its first block at least */
export function isPlainTar(bytes: Buffer): boolean {
  if (bytes.length < tar.BLOCK || isCompressed(bytes)) return false;
  const header = bytes.subarray(0, tar.BLOCK);
  if (header.every((byte) => byte === 0)) return true;
  const written = header.toString("latin1", tar.CHECKSUM, tar.CHECKSUM_END);
  return (
    header.toString("latin1", tar.MAGIC, tar.MAGIC + 5) === "ustar" &&
    Number.parseInt(written.trim().replaceAll("\0", ""), 8) === tar.sumOf(header)
  );
}

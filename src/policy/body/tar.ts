/** What is common to tar archives, and whether one is a tar that no engine takes for a compressed one. */

export const BLOCK = 512;
const MAGIC = 257;
const CHECKSUM = 148;
const CHECKSUM_LENGTH = 8;

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

/** The sum of a header's bytes, with its own field as spaces. @see POSIX, ustar */
export function sumOf(header: Buffer): number {
  let sum = CHECKSUM_LENGTH * 0x20;
  for (let at = 0; at < BLOCK; at++)
    if (at < CHECKSUM || at >= CHECKSUM + CHECKSUM_LENGTH) sum += header[at] ?? 0;
  return sum;
}

/** @param bytes the whole archive, or its first block at least */
export function isPlainTar(bytes: Buffer): boolean {
  if (bytes.length < BLOCK || isCompressed(bytes)) return false;
  const header = bytes.subarray(0, BLOCK);
  if (header.every((byte) => byte === 0)) return true;
  const written = header.toString("latin1", CHECKSUM, CHECKSUM + CHECKSUM_LENGTH);
  return (
    header.toString("latin1", MAGIC, MAGIC + 5) === "ustar" &&
    Number.parseInt(written.trim().replaceAll("\0", ""), 8) === sumOf(header)
  );
}

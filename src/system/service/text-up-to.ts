/** @param most bytes @returns what a stream brings, as UTF-8; null: it is longer, and nothing more of it is read */
export async function textUpTo(stream: AsyncIterable<Buffer>, most: number): Promise<string | null> {
  const pieces: Buffer[] = [];
  let bytes = 0;
  for await (const piece of stream) {
    bytes += piece.length;
    if (bytes > most) return null;
    pieces.push(piece);
  }
  return Buffer.concat(pieces).toString("utf8");
}

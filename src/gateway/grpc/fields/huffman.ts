/** The Huffman code of HPACK (RFC 7541, appendix B). It is canonical, so the lengths of its codes say what they are. */

/** Of the bytes 0 to 255, in bits. */
const LENGTHS = [
  "13 23 28 28 28 28 28 28 28 24 30 28 28 30 28 28 28 28 28 28 28 28 30 28 28 28 28 28 28 28 28 28",
  "6 10 10 12 13 6 8 11 10 10 8 11 8 6 6 6 5 5 5 6 6 6 6 6 6 6 7 8 15 6 12 10",
  "13 6 7 7 7 7 7 7 7 7 7 7 7 7 7 7 7 7 7 7 7 7 7 7 8 7 8 13 19 13 14 6",
  "15 5 6 5 6 5 6 6 6 5 7 7 6 6 6 5 6 7 6 5 5 6 7 7 7 7 7 15 11 14 13 28",
  "20 22 20 20 22 22 22 23 22 23 23 23 23 23 24 23 24 24 22 23 24 23 23 23 23 21 22 23 22 23 23 24",
  "22 21 20 22 22 23 23 21 23 22 22 24 21 22 23 23 21 21 22 21 23 22 23 23 20 22 22 22 23 22 22 23",
  "26 26 20 19 22 23 22 25 26 26 26 27 27 26 24 25 19 21 26 27 27 26 27 24 21 21 26 26 28 27 27 27",
  "20 24 20 21 22 21 21 23 22 22 25 25 24 24 26 23 26 27 26 26 27 27 27 27 27 28 27 27 27 27 27 26",
].flatMap((row) => row.split(" ").map(Number));
const LONGEST = 30;
/** A text ends with the first bits of the code for its end, fewer than a byte has. */
const MOST_REST = 7;

/** By the length of a code: the first code of that length, how many there are, and which bytes they stand for. */
const CODES = (() => {
  const codes: { readonly first: number; readonly bytes: readonly number[] }[] = [];
  for (let length = 0, first = 0; length <= LONGEST; length++) {
    const bytes = LENGTHS.flatMap((each, byte) => (each === length ? [byte] : []));
    codes.push({ first, bytes });
    first = (first + bytes.length) * 2;
  }
  return codes;
})();

/** @returns null: it is no text in this code */
export function fromHuffman(encoded: Uint8Array): Buffer | null {
  // the shortest code has five bits
  const decoded = Buffer.alloc(Math.floor((encoded.length * 8) / 5));
  let [at, code, length] = [0, 0, 0];
  for (const byte of encoded)
    for (let bit = 7; bit >= 0; bit--) {
      code = code * 2 + ((byte >> bit) & 1);
      const { first, bytes } = CODES[++length] ?? { first: 0, bytes: [] };
      const found = bytes[code - first];
      if (found === undefined) {
        if (length === LONGEST) return null;
        continue;
      }
      decoded[at++] = found;
      code = length = 0;
    }
  return length <= MOST_REST && code === 2 ** length - 1 ? decoded.subarray(0, at) : null;
}

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
/** A text ends with the first bits of the code for its end, all of them 1, and fewer than a byte has. */
const MOST_REST = 7;

/** In the tree of codes: the bits so far are the code for the end, or none. */
const NONE = -1;
/** Numbers below it are places in the tree where a code goes on, those above it stand for a byte. */
const BYTE = LENGTHS.length;

/** @returns where a bit leads from each place, as `2 * place + bit`; the first place is the beginning of each code */
function makeTree(): Int16Array {
  const tree = new Int16Array(2 * LENGTHS.length).fill(NONE);
  let places = 1;
  const add = (code: number, length: number, byte: number) => {
    let place = 0;
    for (let bit = length - 1; bit > 0; bit--) {
      const at = 2 * place + ((code >> bit) & 1);
      if (tree[at] === NONE) tree[at] = places++;
      place = tree[at] ?? NONE;
    }
    tree[2 * place + (code & 1)] = BYTE + byte;
  };
  for (let length = 1, code = 0; length <= Math.max(...LENGTHS); length++, code *= 2)
    for (const [byte, each] of LENGTHS.entries()) if (each === length) add(code++, length, byte);
  return tree;
}

const TREE = makeTree();
/** By `16 * place + four bits`: the place behind them, and the byte that they end; the shortest code has five bits. */
const [NEXT, FOUND] = [new Int16Array(16 * LENGTHS.length), new Int16Array(16 * LENGTHS.length).fill(NONE)];
for (const at of NEXT.keys()) {
  let place = at >> 4;
  for (let bit = 3; bit >= 0 && place !== NONE; bit--) {
    place = TREE[2 * place + ((at >> bit) & 1)] ?? NONE;
    if (place < BYTE) continue;
    FOUND[at] = place - BYTE;
    place = 0;
  }
  NEXT[at] = place;
}

/** Places that are reached by nothing but 1, up to {@link MOST_REST} times. */
const ENDS: number[] = [0];
while (ENDS.length <= MOST_REST) ENDS.push(TREE[2 * (ENDS.at(-1) ?? 0) + 1] ?? NONE);

/** @returns null: it is no text in this code */
export function fromHuffman(encoded: Uint8Array): Buffer | null {
  const decoded = Buffer.alloc(Math.floor((encoded.length * 8) / 5));
  let [length, place] = [0, 0];
  for (const byte of encoded)
    for (let shift = 4; shift >= 0; shift -= 4) {
      const at = 16 * place + ((byte >> shift) & 15);
      const found = FOUND[at] ?? NONE;
      if (found !== NONE) decoded[length++] = found;
      place = NEXT[at] ?? NONE;
      if (place === NONE) return null;
    }
  return ENDS.includes(place) ? decoded.subarray(0, length) : null;
}

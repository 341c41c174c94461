/**
 * Go's regular expressions (RE2 syntax) as automata: what people write for paths. What is not known here is a problem of the
 * pattern, never a guess. The text is somebody else's, so it is never given to JavaScript's own engine, which can take
 * exponential time.
 */
import { type Automaton, PatternProblem } from "./automaton.ts";

interface Part {
  readonly start: number;
  readonly end: number;
}

const codes = (text: string): number[] => [...text].map((one) => one.charCodeAt(0));
const range = (first: number, last: number): number[] =>
  Array.from({ length: Math.max(0, last - first + 1) }, (_, index) => first + index);
const DIGITS = codes("0123456789");
const LETTERS = [...range(65, 90), ...range(97, 122)];
const ALL = range(0, 127);

const CLASSES: Readonly<Record<string, readonly number[]>> = {
  d: DIGITS,
  w: [...DIGITS, ...LETTERS, 95],
  s: codes("\t\n\f\r "),
};
const NAMED: Readonly<Record<string, readonly number[]>> = {
  alnum: [...DIGITS, ...LETTERS],
  alpha: LETTERS,
  digit: DIGITS,
  lower: range(97, 122),
  upper: range(65, 90),
  word: [...DIGITS, ...LETTERS, 95],
  xdigit: [...DIGITS, ...codes("abcdefABCDEF")],
};

const MAX_LENGTH = 4096;
const MAX_DEPTH = 50;
const MAX_REPEAT = 1000;

class Reader {
  readonly #text: string;
  readonly #into: Automaton;
  #at = 0;
  #depth = 0;
  #foldCase = false;

  constructor(text: string, into: Automaton) {
    this.#text = text;
    this.#into = into;
  }

  whole(): Part {
    const part = this.#alternatives();
    if (this.#at < this.#text.length) throw new PatternProblem("it has a ) without a (");
    return part;
  }

  #peek(): string {
    return this.#text[this.#at] ?? "";
  }

  #take(wanted: string): boolean {
    if (!this.#text.startsWith(wanted, this.#at)) return false;
    this.#at += wanted.length;
    return true;
  }

  #alternatives(): Part {
    const [start, end] = [this.#into.node(), this.#into.node()];
    do {
      const one = this.#sequence();
      this.#into.link(start, one.start);
      this.#into.link(one.end, end);
    } while (this.#take("|"));
    return { start, end };
  }

  #sequence(): Part {
    const start = this.#into.node();
    let end = start;
    while (this.#peek() !== "" && this.#peek() !== "|" && this.#peek() !== ")") {
      const from = this.#at;
      const one = this.#repeated(this.#atom(), from);
      this.#into.link(end, one.start);
      end = one.end;
    }
    return { start, end };
  }

  /** @param from where the atom begins in the text: a repeated atom is read again for each copy */
  #repeated(first: Part, from: number): Part {
    const after = this.#at;
    const counts = this.#counts();
    if (counts === null) return first;
    this.#take("?");
    if (/^[*+?]/.test(this.#peek())) throw new PatternProblem("it repeats a repetition");
    const [least, most] = counts;
    const end = this.#at;
    const copy = (): Part => {
      this.#at = from;
      const again = this.#atom();
      if (this.#at !== after) throw new PatternProblem("a flag changes inside a repetition");
      return again;
    };
    const [start, last] = [this.#into.node(), this.#into.node()];
    let at = start;
    for (let index = 0; index < Math.max(least, most ?? least + 1); index++) {
      const one = index === 0 ? first : copy();
      if (index >= least) this.#into.link(at, last);
      this.#into.link(at, one.start);
      // The last copy of an open repetition leads back to itself.
      if (most === null && index === least) this.#into.link(one.end, one.start);
      at = one.end;
    }
    this.#into.link(at, last);
    this.#at = end;
    return { start, end: last };
  }

  /** @returns null: no repetition; the second is null: any number */
  #counts(): readonly [number, number | null] | null {
    if (this.#take("*")) return [0, null];
    if (this.#take("+")) return [1, null];
    if (this.#take("?")) return [0, 1];
    const [all = "", least, comma, most] =
      /^\{(\d{1,4})(?:(,)(\d{1,4})?)?\}/.exec(this.#text.slice(this.#at, this.#at + 12)) ?? [];
    if (all === "") return null;
    this.#at += all.length;
    const counts = [
      Number(least),
      comma === undefined ? Number(least) : most === undefined ? null : Number(most),
    ] as const;
    if (Math.max(counts[0], counts[1] ?? 0) > MAX_REPEAT) throw new PatternProblem("it repeats too often");
    if (counts[1] !== null && counts[1] < counts[0])
      throw new PatternProblem("it has a { } whose ends are swapped");
    return counts;
  }

  #atom(): Part {
    if (this.#take("(")) return this.#group();
    if (this.#take("^")) return this.#anchor("start");
    if (this.#take("$")) return this.#anchor("end");
    if (this.#take("[")) return this.#chars(this.#bracket());
    // Go's dot is everything but a line break, which no path has.
    if (this.#take(".")) return this.#chars(ALL);
    if (this.#take("\\")) return this.#escaped();
    const char = this.#peek();
    if (/[*+?]/.test(char)) throw new PatternProblem(`it repeats nothing with ${char}`);
    this.#at += 1;
    return this.#chars([code(char)]);
  }

  #group(): Part {
    if (++this.#depth > MAX_DEPTH) throw new PatternProblem("it is nested too deeply");
    const before = this.#foldCase;
    const [flags = "", scoped] =
      /^\?(?:P?<\w{1,64}>|(i?)([:)]))/.exec(this.#text.slice(this.#at, this.#at + 80)) ?? [];
    if (flags === "" && this.#peek() === "?")
      throw new PatternProblem("it has a ( ? ) that is not known here");
    this.#at += flags.length;
    if (scoped === "i") this.#foldCase = true;
    this.#depth -= flags.endsWith(")") ? 1 : 0;
    if (flags.endsWith(")")) return this.#empty();
    const part = this.#alternatives();
    if (!this.#take(")")) throw new PatternProblem("it has a ( without a )");
    this.#depth -= 1;
    this.#foldCase = before;
    return part;
  }

  #empty(): Part {
    const node = this.#into.node();
    return { start: node, end: node };
  }

  #anchor(at: "start" | "end"): Part {
    const [start, end] = [this.#into.node(null, at), this.#into.node()];
    this.#into.link(start, end);
    return { start, end };
  }

  #chars(all: readonly number[]): Part {
    const [start, end] = [this.#into.node(new Set(this.#folded(all))), this.#into.node()];
    this.#into.link(start, end);
    return { start, end };
  }

  #escaped(): Part {
    if (this.#take("A")) return this.#anchor("start");
    if (this.#take("z")) return this.#anchor("end");
    return this.#chars(this.#escape());
  }

  /** After the backslash. */
  #escape(): readonly number[] {
    const char = this.#peek();
    this.#at += 1;
    const named = CLASSES[char.toLowerCase()];
    if (named !== undefined && /^[dwsDWS]$/.test(char))
      return char === char.toLowerCase() ? named : ALL.filter((one) => !named.includes(one));
    if (char === "" || /[A-Za-z0-9]/.test(char)) throw new PatternProblem(`\\${char} is not known here`);
    return [code(char)];
  }

  /** After the `[`. */
  #bracket(): readonly number[] {
    const isNegated = this.#take("^");
    const all: number[] = [];
    for (let isFirst = true; isFirst || this.#peek() !== "]"; isFirst = false) {
      if (this.#peek() === "") throw new PatternProblem("it has a [ without a ]");
      all.push(...this.#member());
    }
    this.#at += 1;
    // both cases of a letter are excluded: what is left is folded once more, which changes nothing
    const excluded = this.#folded(all);
    return isNegated ? ALL.filter((one) => !excluded.includes(one)) : all;
  }

  #folded(all: readonly number[]): readonly number[] {
    return this.#foldCase ? all.flatMap((one) => (LETTERS.includes(one) ? [one, one ^ 32] : [one])) : all;
  }

  #member(): readonly number[] {
    const [name = "", word = ""] = /^\[:(\w{1,10}):\]/.exec(this.#text.slice(this.#at, this.#at + 16)) ?? [];
    if (name !== "") {
      this.#at += name.length;
      const named = NAMED[word];
      if (named === undefined) throw new PatternProblem(`${name} is not known here`);
      return named;
    }
    const first = this.#one();
    if (first.length !== 1 || this.#peek() !== "-" || this.#text[this.#at + 1] === "]") return first;
    this.#at += 1;
    const last = this.#one();
    const [from = 0, to = -1] = [first[0], last[0]];
    if (last.length !== 1 || to < from)
      throw new PatternProblem("it has a range in [ ] whose ends are swapped");
    return range(from, to);
  }

  #one(): readonly number[] {
    if (this.#take("\\")) return this.#escape();
    const char = this.#peek();
    this.#at += 1;
    return [code(char)];
  }
}

function code(char: string): number {
  const found = char.charCodeAt(0);
  if (Number.isNaN(found) || found > 127)
    throw new PatternProblem("it ends too early, or has a letter that no path has");
  return found;
}

/** Adds a pattern that has to match a whole path. @throws PatternProblem */
export function addGoRegexp(into: Automaton, text: string): void {
  if (text.length > MAX_LENGTH) throw new PatternProblem("it is too long");
  into.add(new Reader(text, into).whole());
}

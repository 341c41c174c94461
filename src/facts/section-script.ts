/** Shell functions with which every inspecting script prints its results; `sections.ts` reads them. */

/** Settings of one script. */
export interface SectionScript {
  /** Starts each section's line; random, so that no file's content can forge one. */
  readonly marker: string;
  /** Limit for one file: a larger one is cut off. The variable `limit` of the script sets another. */
  readonly maxFileBytes: number;
  /** Whether to print a masked unit, a link to /dev/null, as an empty file. */
  readonly maskedToo?: boolean;
}

/**
 * Shell functions for sections: `s HEADING` begins one, and `f WORDS PATH` prints a regular file as one, with mode and
 * owner in its heading. Named pipes and devices are not read, because that might never end.
 * @returns the beginning of a POSIX sh script
 */
export function sectionScript({ marker, maxFileBytes, maskedToo = false }: SectionScript): string {
  const isMasked = maskedToo ? ' || [ "$(readlink -f "$2")" = /dev/null ]' : "";
  return `export LC_ALL=C; PATH=$PATH:/usr/sbin:/sbin
s() { printf '\\n${marker} %s\\n' "$1"; }
f() { [ -f "$2" ]${isMasked} || return 0
  s "file $1 $(stat -Lc '%a %u %g' "$2") $2"; head -c "\${limit:-${maxFileBytes}}" "$2"; }
`;
}

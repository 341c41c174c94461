/** How every script that looks at a host prints what it finds; `sections.ts` reads it. */

/** Bounds of one script. */
export interface SectionScript {
  /** Starts each section's line; random, so that no file's content can forge one. */
  readonly marker: string;
  /** Of one file: a larger one is cut short. */
  readonly maxFileBytes: number;
  /** Whether a unit that is masked, a link to /dev/null, is printed as an empty file. */
  readonly maskedToo?: boolean;
}

/**
 * Shell functions for sections: `s HEADING` begins one, and `f WORDS PATH` prints a regular file as one, with mode and
 * owner in its heading. A named pipe or a device is not read: that might never end.
 * @returns the beginning of a POSIX sh script
 */
export function sectionScript({ marker, maxFileBytes, maskedToo = false }: SectionScript): string {
  const isMasked = maskedToo ? ' || [ "$(readlink -f "$2")" = /dev/null ]' : "";
  return `export LC_ALL=C; PATH=$PATH:/usr/sbin:/sbin
s() { printf '\\n${marker} %s\\n' "$1"; }
f() { [ -f "$2" ]${isMasked} || return 0
  s "file $1 $(stat -Lc '%a %u %g' "$2") $2"; head -c ${maxFileBytes} "$2"; }
`;
}

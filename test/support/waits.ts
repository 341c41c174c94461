/** tetherdock's messages without a terminal while it waits: their number depends on the machine. */
const WAIT = /^ {2}\S.*, \d+ s\n/gm;

/** @param stderr of tetherdock @returns the same without lines such as `  waiting for core@vps, 2 s` */
export function withoutWaits(stderr: string): string {
  return stderr.replace(WAIT, "");
}

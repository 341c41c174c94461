/** Where strace can kill a process: at the calls that change a folder, as the process makes them. */

/** What changes a folder, and what makes it last: before a file gets its place, and after it, before anything is sent. */
const CALLS = "mkdir,rename,link,unlink,unlinkat,rmdir,fsync";
/** strace counts calls by thread. */
export const ONE_THREAD = "UV_THREADPOOL_SIZE=1";

/** The nth call of a kind: strace counts each kind by itself. */
export interface Point {
  readonly call: string;
  readonly nth: number;
}

/** Options of strace that kill nothing. */
export const watching = ["-f", "-qq", "-e", `trace=${CALLS}`];

/** @param trace that {@link watching} has written: the calls of the threads that make most of each kind */
export function pointsIn(trace: string): readonly Point[] {
  const points = new Map<string, Point>();
  const counts = new Map<string, number>();
  for (const [, thread = "", call = ""] of trace.matchAll(/^(\d+) +(\w+)\(/gm)) {
    const nth = (counts.get(`${thread} ${call}`) ?? 0) + 1;
    counts.set(`${thread} ${call}`, nth);
    points.set(`${call} ${nth}`, { call, nth });
  }
  return [...points.values()];
}

/** Options of strace. */
export const killing = ({ call, nth }: Point) => [
  ...["-f", "-qq", "-e", `trace=${call}`, "-e", `inject=${call}:signal=KILL:when=${nth}`],
];

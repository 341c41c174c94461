/** How much of this machine's disk a host's log may take. The host may lie, and give as much as is taken. */
import type { DiskRoom, LogCopy } from "../../audit/index.ts";
import { shellJoin, TetherdockError } from "../../base/index.ts";

const GIB = 1024 ** 3;

/** Of a host's copies in all. Default logs have at most 1.5 GiB, and a busy host writes a gigabyte in weeks. */
export const MOST_OF_HOST = 16 * GIB;

/** A file takes more than its bytes; a host could make a million of them. */
const LEAST_FILE = 64 * 1024;

/**
 * A host that gives much is left while there is room for those that give little: it must not keep their records out.
 * @returns bytes that have to stay free
 */
function keptFree({ size }: DiskRoom, copied: number): number {
  const [least, most] = [Math.min(GIB, size / 20), Math.min(20 * GIB, size / 10)];
  return Math.max(least, Math.min(most, copied));
}

/** What a file of so many bytes counts; 0: it is not there. */
export const counts = (bytes: number): number => (bytes === 0 ? 0 : Math.max(bytes, LEAST_FILE));

const inGib = (bytes: number): string => `${(bytes / GIB).toFixed(1)} GiB`;

function diskFull(path: string, { free, size }: DiskRoom): TetherdockError {
  return new TetherdockError(
    "FILE_FAILED",
    `no more of its log is copied: the disk has ${inGib(free)} of ${inGib(size)} free`,
    { hints: [`${shellJoin(["du", "-sh", path])}   # what the copy takes; make room, and fetch again`] },
  );
}

function hostFull(path: string, most: number): TetherdockError {
  return new TetherdockError(
    "FILE_FAILED",
    `no more of its log is copied: the copy has ${inGib(most)}, the most of one host`,
    {
      hints: [
        `${shellJoin(["ls", "-l", path])}   # move files away that the host no longer has, and fetch again`,
      ],
    },
  );
}

/**
 * @param copied what the copy's files count @param most that they may
 * @returns why no more may be copied; null: there is room
 */
export function noRoom(
  { path }: Pick<LogCopy, "path">,
  room: DiskRoom,
  copied: number,
  most: number,
): TetherdockError | null {
  if (copied >= most) return hostFull(path, most);
  return room.free < keptFree(room, copied) ? diskFull(path, room) : null;
}

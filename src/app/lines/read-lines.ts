/** All lines of this machine: what to do about one that cannot be read depends on what the others are for. */
import { TetherdockError } from "../../base/index.ts";
import type { Line, LineStore } from "../../line/index.ts";

/** A line that is there and cannot be read. */
export interface UnreadLine {
  readonly name: string;
  readonly error: TetherdockError;
}

/** Hears of each line that is left out. */
export type LeaveOut = (unread: UnreadLine) => void;

interface Ports {
  readonly lines: Pick<LineStore, "list" | "read">;
}

/** Lines, and those that cannot be read. One that is gone since it was listed is in neither. */
export async function findLines(ports: Ports): Promise<{ lines: Line[]; unread: UnreadLine[] }> {
  const unread: UnreadLine[] = [];
  const read = async (name: string) => {
    try {
      return await ports.lines.read(name);
    } catch (error) {
      if (!(error instanceof TetherdockError)) throw error;
      if (error.code !== "LINE_UNKNOWN") unread.push({ name, error });
      return undefined;
    }
  };
  const lines = await Promise.all((await ports.lines.list()).map(read));
  return { lines: lines.filter((line) => line !== undefined), unread };
}

/**
 * For commands that sign or delete: all lines but damaged ones, which `ls` and `status` report.
 * @param leaveOut hears of the damaged ones
 * @throws FILE_FAILED when a line may be sound and cannot be read: its names could be given to another host
 */
export async function readableLines(ports: Ports, leaveOut: LeaveOut = () => {}): Promise<Line[]> {
  const { lines, unread } = await findLines(ports);
  const sound = unread.find(({ error }) => error.code !== "LINE_BROKEN");
  if (sound) throw sound.error;
  for (const damaged of unread) leaveOut(damaged);
  return lines;
}

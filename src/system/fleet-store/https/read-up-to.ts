import { constants } from "node:fs";
import { open } from "node:fs/promises";

const OPEN = constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK;

/** Reads what a host wrote: no more than it may, and through no link. @returns null: there is none that can be read */
export async function readUpTo(path: string, most: number): Promise<string | null> {
  const file = await open(path, OPEN).catch(() => null);
  if (file === null) return null;
  try {
    const { size } = await file.stat();
    if (size > most) return null;
    const { bytesRead, buffer } = await file.read(Buffer.alloc(size + 1), 0, size + 1, 0);
    return bytesRead > most ? null : buffer.subarray(0, bytesRead).toString("utf8");
  } catch {
    return null;
  } finally {
    await file.close();
  }
}

import type { FileHeader } from "./chain/chain.ts";
import type { AuditProblem } from "./chain/verify-chain.ts";

/** Of the disk that a copy is on, bytes. */
export interface DiskRoom {
  readonly free: number;
  readonly size: number;
}

/** A copy of a host's log in a folder on this machine: files that grow as those of the host do. */
export interface LogCopy {
  /** For messages. */
  readonly path: string;
  /** Its files' sizes, by name; the folder need not exist. @throws FILE_FAILED */
  sizes(): Promise<ReadonlyMap<string, number>>;
  /** Writes and flushes bytes of a file at their place; the file is created if it is missing. @throws FILE_FAILED */
  write(name: string, at: number, bytes: Uint8Array): Promise<void>;
  /** Of one file; undefined: the copy has none. @throws FILE_FAILED */
  header(name: string): Promise<FileHeader | undefined>;
  /** The folder need not exist. @throws FILE_FAILED */
  room(): Promise<DiskRoom>;
  /** Checks one file against its seals. @throws FILE_FAILED */
  check(name: string): Promise<readonly AuditProblem[]>;
}

/** The gateway's program for one kind of machine, wherever it is kept. */
import type { Payload } from "../../../facts/index.ts";
import type { ProgramFile } from "../change.ts";

/** The program and the libraries that go with it. */
export interface Executable {
  readonly files: readonly ProgramFile[];
  /** The bytes of one of them, as sent. */
  payload(file: ProgramFile): Payload;
}

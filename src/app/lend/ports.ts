/** What `lend` needs of the outside. */
import type { GatewayAccess } from "../../gateway/index.ts";
import type { AddClientPorts } from "../clients/index.ts";
import type { EngineList } from "../things/index.ts";

/** A folder for the owner only, that exists for one command. */
export interface LentFolder {
  readonly path: string;
  write(name: string, text: string): Promise<void>;
  remove(): Promise<void>;
}

export interface LendPorts extends Omit<AddClientPorts, "deliver" | "warn"> {
  /** Of a client's name: nobody else has it. */
  readonly suffix: string;
  folder(): Promise<LentFolder>;
  /** @param path of this machine, as typed @returns it without links @throws FILE_FAILED, also if it is no folder */
  realFolder(path: string): Promise<string>;
  /** The command that borrows, with these variables. @returns its exit status */
  run(variables: Readonly<Record<string, string>>): Promise<number>;
  /** The line's own access to the engine. */
  readonly engine: EngineList & { remove(access: GatewayAccess, path: string): Promise<void> };
  /** One record of the audit log, as JSON. */
  record(line: string): void;
  readonly signal: AbortSignal;
}

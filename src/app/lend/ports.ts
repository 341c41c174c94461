/** What `lend` needs of the outside. */
import type { json } from "../../base/index.ts";
import type { GatewayAccess } from "../../gateway/index.ts";
import type { AddClientPorts } from "../clients/index.ts";

/** A folder for the owner only, that exists for one command. */
export interface LentFolder {
  readonly path: string;
  write(name: string, text: string): Promise<void>;
  remove(): Promise<void>;
}

export interface LendPorts extends Omit<AddClientPorts, "deliver"> {
  /** Of a client's name: nobody else has it. */
  readonly suffix: string;
  folder(): Promise<LentFolder>;
  /** The command that borrows, with these variables. @returns its exit status */
  run(variables: Readonly<Record<string, string>>): Promise<number>;
  /** The line's own access to the engine. */
  readonly engine: {
    /** @throws GATEWAY_UNREACHABLE, GATEWAY_REFUSED */
    list<T>(access: GatewayAccess, path: string, reader: json.Read<T>): Promise<T>;
    remove(access: GatewayAccess, path: string): Promise<void>;
  };
  /** One record of the audit log, as JSON. */
  record(line: string): void;
  readonly signal: AbortSignal;
}

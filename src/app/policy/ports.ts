/** What `policy` needs of the outside. */
import type { SentRequest } from "../../engine/index.ts";
import type { GatewayPorts } from "../gateway-api/index.ts";

export interface FilePorts {
  /** @throws FILE_FAILED */
  readText(path: string): Promise<string>;
}

/** What a command has sent to an engine that does nothing, and how it ended. */
export interface Recording {
  readonly requests: readonly SentRequest[];
  /** null: it was ended. */
  readonly status: number | null;
  readonly stderr: string;
}

export interface RecordPorts extends FilePorts {
  /** @throws COMMAND_NOT_FOUND, INTERRUPTED */
  record(command: readonly string[]): Promise<Recording>;
}

export interface PolicyPorts extends GatewayPorts, FilePorts {}

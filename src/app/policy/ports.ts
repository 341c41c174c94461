/** What `policy` needs of the outside. */
import type { Recording } from "../../engine/index.ts";
import type { GatewayPorts } from "../gateway-api/index.ts";

export interface FilePorts {
  /** @throws FILE_FAILED */
  readText(path: string): Promise<string>;
}

export interface RecordPorts extends FilePorts {
  /** @throws COMMAND_NOT_FOUND, COMMAND_NOT_EXECUTABLE, INTERRUPTED */
  record(command: readonly string[]): Promise<Recording>;
}

export interface PolicyPorts extends GatewayPorts, FilePorts {}

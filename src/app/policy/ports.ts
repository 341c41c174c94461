/** What `policy` needs of the outside. */
import type { GatewayPorts } from "../gateway-api/index.ts";

export interface FilePorts {
  /** @throws FILE_FAILED */
  readText(path: string): Promise<string>;
}

export interface PolicyPorts extends GatewayPorts, FilePorts {}

/** What calls to a line's gateway need from outside. Implemented in src/cli/api with src/system/api. */
import type { json } from "../../base/index.ts";
import type { GatewayAccess, GatewayCall } from "../../gateway/index.ts";
import type { LineStore } from "../../line/index.ts";
import type { SelectionPorts } from "../lines/index.ts";

/** The admin API of a gateway, over the line's mutual TLS. */
export interface GatewayPort {
  /**
   * @param reader the form that the answer must have
   * @throws GATEWAY_UNREACHABLE, GATEWAY_REFUSED
   */
  call<T>(access: GatewayAccess, call: GatewayCall, reader: json.Read<T>): Promise<T>;
  /** The answer's lines as they come, without breaks. @throws GATEWAY_UNREACHABLE, GATEWAY_REFUSED */
  lines(access: GatewayAccess, call: GatewayCall): AsyncIterable<string>;
}

/** All of it. */
export interface GatewayPorts extends SelectionPorts {
  readonly lines: LineStore;
  readonly gateway: GatewayPort;
}

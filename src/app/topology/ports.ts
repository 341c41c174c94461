/** What `topology` needs of the outside: what a visit needs, and the gateway's API where the host is not inspected. */
import type { VisitPorts } from "../doctor/index.ts";
import type { GatewayPorts } from "../gateway-api/index.ts";

export interface TopologyPorts {
  readonly visit: VisitPorts;
  readonly gateway: GatewayPorts;
}

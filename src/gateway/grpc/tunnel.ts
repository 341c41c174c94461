/** What stands between a client and dockerd once their connection is upgraded, when its calls are judged. */
import type { Memory } from "../admission/memory.ts";
import type { GatewayContext } from "../gateway-context.ts";
import type { Exchanges } from "../record/exchanges.ts";
import type { Caller } from "../record/request-record.ts";

/** The two sides, as a tunnel sees them. */
export interface TunnelEnds {
  /** @param bytes memory that nobody else uses @returns false when the client is slow; `clientDrained` follows */
  toClient(bytes: Buffer): boolean;
  /** @param bytes memory that nobody else uses @returns false when dockerd is slow; `dockerDrained` follows */
  toDocker(bytes: Buffer): boolean;
  clientWanted(more: boolean): void;
  dockerWanted(more: boolean): void;
  /** The tunnel has ended by itself. */
  over(): void;
}

export interface Tunnel {
  /** @param bytes may be overwritten as soon as this returns */
  fromClient(bytes: Buffer): void;
  /** @param bytes may be overwritten as soon as this returns */
  fromDocker(bytes: Buffer): void;
  clientDrained(): void;
  dockerDrained(): void;
  clientEnded(): void;
  dockerEnded(): void;
  /** Ends it without telling either side: the connection is over. */
  destroy(): void;
}

/** What a tunnel needs of its connection. */
export interface TunnelParts {
  readonly context: GatewayContext;
  readonly caller: Caller;
  readonly memory: Memory;
  readonly exchanges: Exchanges;
}

export type MakeTunnel = (parts: TunnelParts, ends: TunnelEnds) => Tunnel;

/** One connection as `gateway sessions` shows it. */
import type { Exchanges } from "./exchanges.ts";
import type { Caller } from "./request-record.ts";

export interface Session {
  readonly id: string;
  readonly client: string | null;
  readonly address: string;
  /** Milliseconds since the epoch. */
  readonly since: number;
  readonly requests: number;
  readonly operation: string | null;
  /** Shortened: a client may send a target of 64 KiB on each of its connections. */
  readonly target: string | null;
}

const TARGET_CHARACTERS = 200;

function shortened(target: string): string {
  return target.length > TARGET_CHARACTERS ? `${target.slice(0, TARGET_CHARACTERS)}…` : target;
}

export function sessionOf(connection: {
  readonly caller: Caller;
  readonly since: number;
  readonly exchanges: Exchanges;
}): Session {
  const { caller, since, exchanges } = connection;
  const request = exchanges.current?.request;
  return {
    id: caller.connection,
    client: caller.client,
    address: caller.address,
    since,
    requests: exchanges.count,
    operation: request?.call?.operation.name ?? null,
    target: request === undefined ? null : shortened(request.target),
  };
}

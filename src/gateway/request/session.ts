/** What the outside may be told of one connection. */
import type { Caller } from "../record/request-record.ts";
import type { Exchanges } from "./exchanges.ts";

export interface Session {
  readonly id: string;
  readonly client: string | null;
  readonly address: string;
  /** Milliseconds since the epoch. */
  readonly since: number;
  readonly requests: number;
  readonly operation: string | null;
  /** Its beginning, where it is long: a client may ask for 64 KiB on each of its connections. */
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
  const asked = exchanges.current?.asked;
  return {
    id: caller.connection,
    client: caller.client,
    address: caller.address,
    since,
    requests: exchanges.count,
    operation: asked?.call?.operation.name ?? null,
    target: asked === undefined ? null : shortened(asked.target),
  };
}

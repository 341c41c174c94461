/** A line that others set up: this machine has neither its CA key nor a way to its host by ssh. */
import { TetherdockError } from "../base/index.ts";
import type { Endpoint } from "../engine/index.ts";
import type { Line, LineMode } from "./line.ts";
import { UNRECORDED_HOST } from "./line-host.ts";

export interface NewJoinedLine {
  /** 16 random hex digits. */
  readonly id: string;
  readonly name: string;
  readonly mode: LineMode;
  readonly endpoint: Endpoint;
  /** Milliseconds since the epoch. */
  readonly now: number;
}

export function joinedLine({ id, name, mode, endpoint: { host, port }, now }: NewJoinedLine): Line {
  return {
    ...{ version: 2, id, name, mode, address: host, port, target: null, sans: [], addresses: [host] },
    ...{ host: UNRECORDED_HOST, createdAt: new Date(now).toISOString(), joined: true },
  };
}

/**
 * @param message what this machine cannot do with a joined line
 * @param only what can only be done where the line was set up: `can …`, `has …`
 */
export function notSetUpHere(message: string, only: string, hint: string): TetherdockError {
  return new TetherdockError("LINE_JOINED", message, {
    why: [`it joined or imported the line; only the machine that set the line up ${only}`],
    hints: [hint],
  });
}

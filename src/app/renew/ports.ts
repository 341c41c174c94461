/** What `renew` needs from outside. */

import type { Clock } from "../../base/index.ts";
import type { Endpoint } from "../../engine/index.ts";
import type { RenewAnswer, RenewCredential, SentRenewRequest } from "../../gateway/index.ts";
import type { RandomPort } from "../host/index.ts";
import type { LinePorts, SelectionPorts } from "../lines/index.ts";

/** The request of a renewal that is under way, kept with the line until it is done. */
export interface PendingRenewals {
  /** @returns undefined: none is under way @throws FILE_FAILED */
  read(line: string): Promise<string | undefined>;
  /** @returns what is kept from now on: this text, or one that was there first @throws FILE_FAILED */
  claim(line: string, text: string): Promise<string>;
  /** Removes it, if it is still this text. @throws FILE_FAILED */
  drop(line: string, text: string): Promise<void>;
}

export interface RenewPorts extends LinePorts, SelectionPorts {
  readonly lines: LinePorts["lines"];
  readonly clock: Clock;
  readonly random: Pick<RandomPort, "hex">;
  readonly pending: PendingRenewals;
  /** Of the CA key of a line. @throws PROMPT_IMPOSSIBLE, INTERRUPTED */
  passphrase(line: string): Promise<string>;
  /** @throws GATEWAY_UNREACHABLE, RENEW_REFUSED */
  ask(
    line: string,
    endpoint: Endpoint,
    credential: RenewCredential,
    asked: SentRenewRequest,
  ): Promise<RenewAnswer>;
}

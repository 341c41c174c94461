/** Options of `up`: what is asked of the host, and how to talk about it. */
import type { UpRequest } from "../../app/up/index.ts";

export interface UpFlags extends UpRequest {
  readonly local: boolean;
  readonly yes: boolean;
  readonly json: boolean;
}

/** What a look at a host waits for. */
import type { LookEvent } from "../../app/host/index.ts";
import { quoteForeign } from "../../base/index.ts";

function by(who: string | null): string {
  return who === null ? "" : ` by ${quoteForeign(who)}`;
}

/** @returns one line for stderr */
export function renderLook({ id, by: who }: LookEvent): string {
  return id === "waits"
    ? `another change${by(who)} is in progress on the host: waiting until it is confirmed or undone`
    : `an earlier change${by(who)} was interrupted: undoing it first`;
}

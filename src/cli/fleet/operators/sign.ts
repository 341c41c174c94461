/** `tetherdock fleet sign`. */
import { dropWaiting, signWaiting } from "../../../app/fleet/index.ts";
import type { Context } from "../../context.ts";
import type { SignFlags } from "../flags.ts";
import { fleetPorts } from "../ports.ts";
import { tellHosts } from "../render-fleet.ts";
import { waitingLines } from "./waiting.ts";

export async function fleetSign(this: Context, flags: SignFlags): Promise<void> {
  const { stderr, stdout, prompts } = this;
  const ports = fleetPorts(this);
  if (flags.drop) {
    const { fleet, isOwnBack } = await dropWaiting(ports, flags.fleet);
    if (flags.json) stdout.json({ fleet: fleet.name, dropped: true, isOwnBack });
    else
      stdout.line(
        `${fleet.name}: ${isOwnBack ? "the change that was made on this machine waits again" : "no change waits any more"}`,
      );
    return;
  }
  const pushed = await signWaiting(ports, flags.fleet, async (waiting) => {
    stderr.lines(waitingLines(waiting));
    const withoutTerminal = `tetherdock fleet sign --yes --fleet ${waiting.fleet.name}   # signs what is shown`;
    return flags.yes || prompts.confirm("Sign this?", withoutTerminal);
  });
  if (pushed !== null) return tellHosts(this, pushed, flags);
  stderr.line("nothing was signed");
  this.setExitStatus(1);
}

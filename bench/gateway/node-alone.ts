/** How much of an idle connection's memory is Node's own: the bare server beside HAProxy, each started anew. */
import { summarise } from "../median.ts";
import { head } from "../report.ts";
import type { Identity } from "./job.ts";
import { measure } from "./measure.ts";
import { HAPROXY, NODE_TLS, type Place } from "./servers.ts";

/** @param idle connections @param starts how often */
export async function besideNodeAlone(
  place: Place,
  identity: Identity,
  { idle, starts }: { readonly idle: number; readonly starts: number },
): Promise<void> {
  const taken = new Map([NODE_TLS, HAPROXY].map((contender) => [contender, [] as number[]]));
  for (let start = 0; start < starts; start++)
    for (const [contender, values] of taken) {
      await using running = await contender.start(place);
      const { grownKib, done } = await measure(running.target, identity, {
        kind: "idle",
        count: idle,
        requests: 0,
      });
      values.push(grownKib / done);
    }
  head(`memory of a connection that has asked nothing, KiB (${starts} × ${idle})`);
  const haproxy = summarise(taken.get(HAPROXY) ?? []);
  for (const [{ name }, values] of taken) {
    const { median } = summarise(values);
    console.log(`${name.padEnd(34)}${median.toFixed(1)} KiB  ×${(median / haproxy.median).toFixed(2)}`);
  }
}

/** `tetherdock client show`: what one client may do, has open, and did. */
import { type ShownClient, showClient } from "../../app/clients/index.ts";
import { gatewayPorts } from "../api/ports.ts";
import { sessionJson } from "../api/render-session.ts";
import type { Context } from "../context.ts";
import { sinceOrLastWeek } from "../flags/parse-since.ts";
import { jsonTime } from "../output/json-time.ts";
import type { ShowFlags } from "./flags.ts";
import { activityJson, renderClient, seenJson } from "./render-client.ts";

function toJson(all: ShownClient): unknown {
  const { client, lastSeen, activity, sessions, since, until, readUntil, ...shown } = all;
  return {
    ...client,
    ...shown,
    lastSeen: seenJson(lastSeen),
    sessions: sessions.map(sessionJson),
    since: jsonTime(since),
    until: jsonTime(until),
    readUntil: readUntil === null ? null : jsonTime(readUntil),
    activity: activityJson(activity),
  };
}

export async function clientShow(this: Context, flags: ShowFlags, name: string): Promise<void> {
  const { line, json } = flags;
  const since = sinceOrLastWeek(flags.since, this.clock);
  const until = flags.until?.(this.clock);
  const shown = await showClient({ ...gatewayPorts(this), clock: this.clock }, { line, name, since, until });
  if (json) this.stdout.json(toJson(shown));
  else this.stdout.lines(renderClient(shown, this.clock()));
}

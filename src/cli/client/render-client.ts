/** `client show` for people. Text from a gateway is quoted if it could be taken for ours. */
import {
  type Activity,
  type Counted,
  type LastSeen,
  type ShownClient,
  type Touched,
  withoutPort,
} from "../../app/clients/index.ts";
import { counted, DAY_MS, formatDuration, quoteForeign, someOf } from "../../base/index.ts";
import { running } from "../api/render-session.ts";
import { jsonTime } from "../output/json-time.ts";

/** More is for `--json`. */
const SHOWN = 8;

const time = jsonTime;

export const seenText = (seen: LastSeen): string =>
  seen === null ? "" : `${time(seen.time)} from ${quoteForeign(seen.address)}`;

export const activityJson = (activity: Activity) => ({
  ...activity,
  lastSeen: seenJson(activity.lastSeen),
  refused: {
    ...activity.refused,
    latest: activity.refused.latest.map((one) => ({ ...one, time: jsonTime(one.time) })),
  },
});

export const seenJson = (seen: LastSeen) => seen && { ...seen, time: jsonTime(seen.time) };

function listed(words: readonly string[], hasMore = false): string {
  const quoted = words.map(quoteForeign);
  return hasMore ? `${quoted.slice(0, SHOWN).join(", ")} and many more` : someOf(quoted, SHOWN);
}

function frequencies(counts: readonly Counted[]): string {
  return someOf(
    counts.map(({ name, count }) => `${quoteForeign(name)} ${count}`),
    SHOWN,
  );
}

function row(name: string, text: string): string[] {
  return text === "" ? [] : [`  ${name.padEnd(11)} ${text}`];
}

/** @param expires null: with its certificate */
export function endText(expires: string | null, now: number): string {
  if (expires === null) return "with its certificate";
  const days = Math.floor((Date.parse(expires) - now) / DAY_MS);
  return days < 0 ? expires : `${expires}, ${counted(days, "day")} left`;
}

function endOf({ client: { expires, jobs } }: ShownClient, now: number): string {
  const each = jobs && `${formatDuration(jobs.lifeMs)} after a job logs in`;
  if (each === undefined) return endText(expires, now);
  if (expires === null) return each;
  const isOver = Date.parse(expires) < now;
  return isOver ? expires : `${endText(expires, now)}; before that, ${each}`;
}

/** A client for CI jobs has no key of its own: which jobs get in. */
function keyRows({ client: { fingerprint, jobs } }: ShownClient): string[] {
  if (jobs === undefined) return row("key", fingerprint ?? "none: local socket only");
  const claims = Object.entries(jobs.claims).map(([claim, value]) => `${claim}=${value}`);
  return [
    ...row("jobs of", quoteForeign(jobs.issuer)),
    ...row("with", claims.map(quoteForeign).join(" and ")),
    ...row("audience", quoteForeign(jobs.audience)),
    ...row("key", "each job makes its own"),
  ];
}

function renewalRows({ renewal }: ShownClient): string[] {
  if (renewal === null) return [];
  const { generation, at, recoveries, copy } = renewal;
  const expired =
    recoveries.length === 0
      ? ""
      : `; ${recoveries.length} after it expired, the last at ${recoveries.at(-1)}`;
  return [
    ...row("renewed", `${counted(generation, "time")}, the last at ${at}${expired}`),
    ...(copy === null
      ? []
      : row(
          "stopped",
          `${copy.at}: ${quoteForeign(copy.address)} showed an older certificate: the key is in two places`,
        )),
  ];
}

function openRows({ sessions }: ShownClient): string[] {
  const addresses = listed([...new Set(sessions.map(({ address }) => withoutPort(address)))]);
  const now = running(sessions);
  return [
    ...row("connected", sessions.length === 0 ? "no" : `${sessions.length}, from ${addresses}`),
    ...now.slice(0, SHOWN).flatMap(({ what }) => row("", what)),
    ...row("", now.length > SHOWN ? `and ${now.length - SHOWN} more` : ""),
  ];
}

const touched = (name: string, { names, more }: Touched): string[] => row(name, listed(names, more));

function pastRows({ activity, since, until, readUntil }: ShownClient): string[] {
  const { reads, actions, failed, operations, execs, admin, refused, lastSeen, addresses } = activity;
  const { containers, images, volumes, networks } = activity.touched;
  return [
    `from ${time(since)} to ${time(until)}:`,
    ...row("latest", seenText(lastSeen) || "no record"),
    ...row("addresses", addresses.length > 1 ? listed(addresses) : ""),
    ...row("requests", `${reads} that only read, ${actions} actions, ${failed} failed`),
    ...row("operations", frequencies(operations)),
    ...touched("containers", containers),
    ...touched("images", images),
    ...touched("volumes", volumes),
    ...touched("networks", networks),
    ...row("execs", execs === 0 ? "" : `${execs}`),
    ...row("gateway", frequencies(admin)),
    ...row("refused", `${refused.count}`),
    ...refused.rules.slice(0, SHOWN).flatMap(({ name, count }) => row("", `${quoteForeign(name)} ${count}`)),
    ...(readUntil === null
      ? []
      : [`there are more records after ${time(readUntil)}; choose a shorter time with --since and --until`]),
  ];
}

/** @param now milliseconds since the epoch */
export function renderClient(shown: ShownClient, now: number): string[] {
  const { client, may } = shown;
  return [
    `${client.name}  ${quoteForeign(client.role)}, ${client.state}`,
    ...(client.isOfFleet ? row("list", "the fleet's; its operators change it: tetherdock fleet client") : []),
    ...keyRows(shown),
    ...row("access ends", endOf(shown, now)),
    ...renewalRows(shown),
    ...row("last seen", seenText(shown.lastSeen)),
    ...row("may", may ?? `see tetherdock policy show ${client.role}`),
    ...openRows(shown),
    ...pastRows(shown),
  ];
}

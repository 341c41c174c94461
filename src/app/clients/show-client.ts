/** One client of a gateway: what it may do, what it has open now, and what it did between two times. */
import { timeOfRecord } from "../../audit/index.ts";
import { shellJoin, TetherdockError } from "../../base/index.ts";
import type { Session } from "../../gateway/index.ts";
import { ROLES } from "../../policy/index.ts";
import {
  askRecords,
  askRenewal,
  askSessions,
  type ClientRenewal,
  gatewayAccess,
} from "../gateway-api/index.ts";
import { lineOption } from "../lines/index.ts";
import { type Activity, ActivitySum } from "./activity/index.ts";
import { type CurrentClient, type LastSeen, lastSeenIn, requireKnown, withJobs } from "./list-clients.ts";
import type { ClientsPorts } from "./ports.ts";

/** Records of one client that are read: reading them takes a few seconds. */
const MAX_RECORDS = 100_000;
/** Parts of the log are merged by time, but a record may come a little after a later one. */
const DISORDER_MS = 5_000;

/** Which client, and which part of its past. Times are milliseconds since the epoch. */
export interface ShownSpan {
  /** As typed; undefined: the line that is meant when none is named. */
  readonly line: string | undefined;
  readonly name: string;
  readonly since: number;
  /** Undefined: until now. */
  readonly until: number | undefined;
}

export interface ShownClient {
  readonly client: CurrentClient;
  /** What its role allows, in words; null: a role of one's own, which `policy show` prints. */
  readonly may: string | null;
  /** null: its certificate was never renewed through the gateway. */
  readonly renewal: ClientRenewal | null;
  /** By the gateway's list; `activity` says what the records of the span say. */
  readonly lastSeen: LastSeen;
  /** Open connections, and what each of them runs. */
  readonly sessions: readonly Session[];
  readonly since: number;
  readonly until: number;
  readonly activity: Activity;
  /** The time of the last record that was read, where there were too many; null: all were read. */
  readonly readUntil: number | null;
}

/**
 * Sums up records of one client, oldest first.
 * @param until milliseconds since the epoch @param most how many are read
 */
export async function sumActivity(
  records: AsyncIterable<string>,
  until: number,
  most = MAX_RECORDS,
): Promise<Pick<ShownClient, "activity" | "readUntil">> {
  const sum = new ActivitySum();
  let count = 0;
  for await (const record of records) {
    const time = timeOfRecord(record);
    if (time > until + DISORDER_MS) break;
    if (time > until) continue;
    if (++count > most) return { activity: sum.activity, readUntil: time };
    sum.add(record);
  }
  return { activity: sum.activity, readUntil: null };
}

async function readActivity(
  ports: ClientsPorts,
  { line, name, since }: ShownSpan,
  until: number,
  most: number,
) {
  const wanted = { sinceMs: since, client: name };
  return sumActivity(askRecords(ports.gateway, await gatewayAccess(ports, line), wanted), until, most);
}

/**
 * @param most how many records are read
 * @throws CLIENT_UNKNOWN, GATEWAY_UNREACHABLE, GATEWAY_REFUSED, LINE_…
 */
export async function showClient(
  ports: ClientsPorts,
  span: ShownSpan,
  most = MAX_RECORDS,
): Promise<ShownClient> {
  const { line, name } = span;
  const now = ports.clock();
  const answer = await requireKnown(ports, "show", line, name);
  const client = answer.clients.find((one) => one.name === name);
  if (!client)
    throw new TetherdockError("CLIENT_UNKNOWN", `${name} is invited and has not joined yet`, {
      hints: [shellJoin(["tetherdock", "client", "ls", ...lineOption(line)])],
    });
  const sessions = await askSessions(ports, line);
  const renewal = await askRenewal(ports, line, name);
  const until = span.until ?? now;
  return {
    client: withJobs(client, answer, now),
    may: ROLES.find((role) => role.name === client.role)?.may ?? null,
    renewal,
    lastSeen: lastSeenIn(answer).get(name) ?? null,
    sessions: sessions.filter((session) => session.client === name),
    since: span.since,
    until,
    // Until now: the laptop's clock may be behind the host's.
    ...(await readActivity(ports, span, span.until ?? Number.POSITIVE_INFINITY, most)),
  };
}

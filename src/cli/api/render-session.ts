/** A gateway's sessions, as several commands show them. */
import { quoteForeign } from "../../base/index.ts";
import type { Session } from "../../gateway/index.ts";
import { jsonTime } from "../output/json-time.ts";

/** For `--json`: times have one form. */
export function sessionJson(session: Session): unknown {
  return { ...session, since: jsonTime(session.since) };
}

/** Sessions that have a request, and its operation and target. They are the client's own words, so they are quoted. */
export function running(
  sessions: readonly Session[],
): { readonly session: Session; readonly what: string }[] {
  return sessions.flatMap((session) => {
    const words = [session.operation, session.target].filter((word) => word !== null);
    return words.length === 0 ? [] : [{ session, what: words.map(quoteForeign).join(" ") }];
  });
}

/** `GET /tetherdock/v1/audit?since=MS&client=NAME&follow=1` and `GET /tetherdock/v1/audit/verify?seal=HEX`. */

import { type AdminAnswer, type AdminRequest, refused } from "../admin-port.ts";
import type { AdminParts } from "./admin-parts.ts";

const KNOWN = new Set(["since", "client", "follow"]);

export async function readAuditCall(
  { audit }: AdminParts,
  { query, signal }: AdminRequest,
  rest: string,
): Promise<AdminAnswer> {
  if (rest === "verify") return { status: 200, value: await audit.verify(query.get("seal")) };
  const unknown = [...query.keys()].filter((key) => !KNOWN.has(key));
  const since = query.get("since");
  if (rest !== "" || unknown.length > 0 || (since !== null && !/^[0-9]{1,15}$/.test(since)))
    return refused(400, "audit takes since (milliseconds since 1970), client and follow=1");
  const selection = {
    sinceMs: since === null ? null : Number(since),
    client: query.get("client"),
    follow: query.get("follow") === "1",
    signal,
  };
  return { status: 200, lines: audit.read(selection), endless: selection.follow };
}

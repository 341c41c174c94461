/**
 * `GET /tetherdock/v1/audit?since=MS&client=NAME&follow=1`, `GET …/audit/verify?seal=HEX`, and what a copy is made with:
 * `GET …/audit/files` and `GET …/audit/files/NAME?from=BYTES`.
 */

import { type AdminAnswer, type AdminRequest, refused } from "../admin-port.ts";
import { readCopyCall } from "../record/copy-calls.ts";
import type { AdminParts } from "./admin-parts.ts";

const KNOWN = new Set(["since", "client", "follow"]);

export async function readAuditCall(
  { audit, gateway }: AdminParts,
  { query, signal }: AdminRequest,
  rest: string,
): Promise<AdminAnswer> {
  const copied = await readCopyCall(audit, rest, query);
  if (copied !== null) return copied;
  const unknown = [...query.keys()].filter((key) => !KNOWN.has(key));
  const since = query.get("since");
  if (rest !== "" || unknown.length > 0 || (since !== null && !/^[0-9]{1,15}$/.test(since)))
    return refused(400, "audit takes since (milliseconds since 1970), client and follow=1");
  const client = query.get("client");
  const selection = {
    sinceMs: since === null ? null : Number(since),
    client,
    key: gateway.clients.find(({ name }) => name === client)?.fingerprint ?? null,
    follow: query.get("follow") === "1",
    signal,
  };
  return { status: 200, lines: audit.read(selection), endless: selection.follow };
}

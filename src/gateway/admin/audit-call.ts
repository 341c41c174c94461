/**
 * `GET /tetherdock/v1/audit?since=MS&client=NAME&follow=1`, `GET …/audit/verify?seal=HEX`, and what a copy is made with:
 * `GET …/audit/files` and `GET …/audit/files/NAME?from=BYTES`.
 */

import { type AdminAnswer, type AdminRequest, refused } from "../admin-port.ts";
import type { AdminParts } from "./admin-parts.ts";

const KNOWN = new Set(["since", "client", "follow"]);

const FILE = /^files\/([\w.-]{1,64})$/;

async function readBytes({ audit }: AdminParts, name: string, from: string): Promise<AdminAnswer> {
  if (!/^[0-9]{1,15}$/.test(from)) return refused(400, "from is a number of bytes");
  const read = await audit.bytes(name, Number(from));
  return read === null
    ? refused(404, "there is no such file")
    : { status: 200, value: { size: read.size, bytes: read.bytes.toString("base64") } };
}

export async function readAuditCall(
  parts: AdminParts,
  { query, signal }: AdminRequest,
  rest: string,
): Promise<AdminAnswer> {
  const { audit, gateway } = parts;
  if (rest === "verify") return { status: 200, value: await audit.verify(query.get("seal")) };
  if (rest === "files") return { status: 200, value: { files: await audit.files() } };
  const file = FILE.exec(rest)?.[1];
  if (file !== undefined) return readBytes(parts, file, query.get("from") ?? "0");
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

/**
 * `GET /tetherdock/v1/renewals/NAME`: how often a client's certificate was renewed, and whether its key was copied. `PUT`:
 * a certificate that an admin has signed for its next renewal.
 */
import { json } from "../../base/index.ts";
import type { Renewal } from "../../identity/index.ts";
import { type AdminAnswer, type AdminRequest, malformed, refused } from "../admin-port.ts";
import type { AdminParts } from "./admin-parts.ts";

/** What an admin sees of a record. */
export type ShownRenewal = Pick<Renewal, "generation" | "at" | "recoveries" | "copy">;

export async function readRenewal(
  { gateway, renewals }: AdminParts,
  _request: AdminRequest,
  name: string,
): Promise<AdminAnswer> {
  const client = gateway.clients.find((one) => one.name === name);
  if (client === undefined) return refused(404, `there is no client ${name}`);
  const record =
    client.fingerprint === null ? null : ((await renewals?.recordOf(client.fingerprint)) ?? null);
  if (record === null) return { status: 200, value: { renewal: null } };
  const { generation, at, recoveries, copy } = record;
  return { status: 200, value: { renewal: { generation, at, recoveries, copy } satisfies ShownRenewal } };
}

const readBody = json.object<{ readonly certificate: string }>({ certificate: { read: json.words(8_192) } });

export async function keepSigned(
  { renewals }: AdminParts,
  { body, client: by }: AdminRequest,
  name: string,
): Promise<AdminAnswer> {
  const read = json.read(body.toString("utf8"), readBody);
  if ("problems" in read) return malformed(read.problems);
  const why =
    renewals === null ? "nobody renews here" : await renewals.keep(name, read.value.certificate, by);
  return why === null ? { status: 200, value: { signed: name } } : refused(409, why);
}

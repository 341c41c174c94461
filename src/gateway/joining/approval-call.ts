/** `GET` and `PUT /tetherdock/v1/approvals/NAME`: the key that waits under a name, and the certificate that an admin has signed for it. */
import { json } from "../../base/index.ts";
import { type Approved, readInstant, readRoleName } from "../../identity/index.ts";
import { type AdminAnswer, type AdminRequest, malformed, refused } from "../admin-port.ts";
import type { Enrolment } from "./enrolment.ts";

interface Parts {
  readonly enrolment: Enrolment | null;
}

const readBody = json.object<Approved>({
  fingerprint: { read: json.sha256 },
  role: { read: readRoleName },
  expires: { read: json.orNull(readInstant) },
  certificate: { read: json.words(8_192) },
});

export function showRequest({ enrolment }: Parts, _request: AdminRequest, name: string): AdminAnswer {
  const request = enrolment?.requestOf(name);
  return request === undefined
    ? refused(404, `no invitation of ${name} that has to be approved is open`)
    : { status: 200, value: { request } };
}

export async function approve(
  { enrolment }: Parts,
  { body, client: by }: AdminRequest,
  name: string,
): Promise<AdminAnswer> {
  const read = json.read(body.toString("utf8"), readBody);
  if ("problems" in read) return malformed(read.problems);
  const why = enrolment === null ? "nobody can join here" : await enrolment.approve(name, read.value, by);
  return why === null ? { status: 200, value: { approved: name } } : refused(409, why);
}

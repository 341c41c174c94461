/** `PUT /tetherdock/v1/invitations/NAME`: lets whoever shows a token join under this name, with this role, or ask to. */
import { DAY_MS, json } from "../../base/index.ts";
import { CLIENT_NAME, type Client, type Invitation, NOT_ASKED, readClient } from "../../identity/index.ts";
import { type AdminAnswer, type AdminRequest, malformed, refused } from "../admin-port.ts";
import { NO_CA } from "../joining/enrolment.ts";
import type { AdminParts } from "./admin-parts.ts";

interface Asked extends Pick<Invitation, "hash"> {
  readonly role: Client["role"];
  readonly expires: string | null;
  /** How long the token works, by the gateway's clock, ms. */
  readonly forMs: number;
  /** Whether an admin approves the key before it gets in. */
  readonly approve: boolean;
}

const readFields = json.object<Asked>({
  hash: { read: json.sha256 },
  role: { read: json.words(64) },
  expires: { read: json.orNull(json.words(64)) },
  forMs: { read: json.count(DAY_MS) },
  approve: { read: json.flag, optional: { value: false } },
});

export async function invite(
  { gateway, enrolment }: AdminParts,
  { body, client: by }: AdminRequest,
  name: string,
): Promise<AdminAnswer> {
  if (!CLIENT_NAME.test(name)) return refused(400, "the name must be 1 to 64 of letters, digits and ._@+-");
  const read = json.read(body.toString("utf8"), readFields);
  if ("problems" in read) return malformed(read.problems);
  const { hash, role, expires, forMs, approve } = read.value;
  // Read as the client that it will become.
  const as = { name, fingerprint: null, role, state: "active", expires };
  const client = json.read(JSON.stringify(as), readClient);
  if ("problems" in client) return malformed(client.problems);
  if (gateway.role(role) === undefined) return refused(400, `there is no role ${role}`);
  if (enrolment === null)
    return refused(409, "this gateway does not listen on TCP, so nobody can join through it");
  const until = new Date(gateway.clock() + forMs).toISOString();
  const approval = approve ? NOT_ASKED : null;
  const why = await enrolment.invite({ name, role, expires, hash, until, usedBy: null, approval }, by);
  const hint = why === NO_CA ? "tetherdock client invite --approve" : "";
  return why === null
    ? { status: 200, value: { name, role, expires, until, approve } }
    : refused(409, why, hint);
}

/** `PUT /tetherdock/v1/oidc/NAME`: lets a CI service's jobs in under this name, with this role. */
import { json } from "../../base/index.ts";
import {
  type Client,
  claimsProblem,
  type JobTrust,
  readInstant,
  readJobTrust,
  readRoleName,
  trustFields,
} from "../../identity/index.ts";
import { type AdminAnswer, type AdminRequest, malformed, refused } from "../admin-port.ts";
import type { AdminParts } from "./admin-parts.ts";

type Asked = Omit<JobTrust, "name"> & Pick<Client, "role" | "expires">;

const readFields = json.object<Asked>({
  role: { read: readRoleName },
  expires: { read: json.orNull(readInstant) },
  ...trustFields,
});

export async function trustJobs(
  { gateway, exchange }: AdminParts,
  { body, client: by }: AdminRequest,
  name: string,
): Promise<AdminAnswer> {
  const read = json.read(body.toString("utf8"), readFields);
  if ("problems" in read) return malformed(read.problems);
  const { role, expires, ...asked } = read.value;
  const trust = json.read(JSON.stringify({ name, ...asked }), readJobTrust);
  if ("problems" in trust) return malformed(trust.problems);
  const problem = claimsProblem(asked.issuer, asked.claims);
  if (problem !== null) return refused(400, problem);
  if (gateway.role(role) === undefined) return refused(400, `there is no role ${role}`);
  if (exchange === null)
    return refused(409, "this gateway does not listen on TCP, so no job can get in through it");
  const why = await exchange.trust(trust.value, { role, expires }, by);
  return why === null ? { status: 200, value: { ...trust.value, role, expires } } : refused(409, why);
}

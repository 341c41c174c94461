/** Jobs of a CI service, in front of a gateway. */
import type { JoinAnswer } from "../../../src/gateway/index.ts";
import { redeemJob } from "../../../src/system/api/job-client.ts";
import { call } from "./call.ts";
import type { Identity } from "./identities.ts";
import type { Issuer } from "./issuer.ts";
import { newMachine } from "./joining.ts";
import type { Stage } from "./stage.ts";

/** anna lets the issuer's jobs in. */
export async function trust(stage: Stage, issuer: Issuer, more: object = {}, name = "ci") {
  const asked = {
    ...{ role: "viewer", expires: null, issuer: issuer.url, audience: "tetherdock:test" },
    ...{ claims: { repository: "org/app", environment: "prod" }, lifeMs: 600_000, ca: issuer.ca },
    ...more,
  };
  const anna = await stage.connect();
  const answer = await call(anna, "PUT", `oidc/${encodeURIComponent(name)}`, asked);
  anna.destroy();
  return answer;
}

/** A job as the program is: it passes the issuer's bytes. */
export async function exchange(
  { identities, host, port }: Stage,
  token: string,
  { client = "ci", machine }: { client?: string; machine?: Identity } = {},
): Promise<JoinAnswer & { readonly machine: Identity }> {
  const own = machine ?? (await newMachine());
  const credential = { ca: identities.ca, certificate: own.cert, key: own.key };
  const endpoint = { host, port };
  return { ...(await redeemJob(endpoint, credential, { client, token })), machine: own };
}

/** `tetherdock ci-login`: sets up a line in a CI job. */
import { setTimeout as sleep } from "node:timers/promises";
import { type CiLoginPorts, ciLogin as login } from "../../app/ci-login/index.ts";
import { SECOND_MS, shellJoin } from "../../base/index.ts";
import { type Endpoint, formatEndpoint, parseAddress } from "../../engine/index.ts";
import { fetchJobCa, redeemJob } from "../../system/api/job-client.ts";
import { readJobToken } from "../../system/api/job-token.ts";
import type { Context } from "../context.ts";
import { random } from "../host/random.ts";
import { during } from "../output/activity.ts";
import type { CiLoginFlags } from "./flags.ts";

function portsOf(context: Context, { tokenFile, audience }: CiLoginFlags, endpoint: Endpoint): CiLoginPorts {
  const { lines, clock, env, signal } = context;
  const wanted = audience ?? `tetherdock:${formatEndpoint(endpoint)}`;
  return {
    ...{ lines, clock, random },
    token: () =>
      during(context, "asking for the job's token", () =>
        readJobToken({ file: tokenFile, env, audience: wanted, signal }),
      ),
    pause: () => sleep(SECOND_MS, undefined, { signal }),
    gateway: {
      fetchCa: (to) => during(context, "connecting", () => fetchJobCa(to)),
      redeem: (...asked) => during(context, "logging in", () => redeemJob(...asked)),
    },
  };
}

export async function ciLogin(this: Context, flags: CiLoginFlags, address: string): Promise<void> {
  const { client, pin: pins, name } = flags;
  const endpoint = parseAddress(address);
  const joined = await login(portsOf(this, flags, endpoint), { endpoint, pins, client, name });
  if (flags.json) {
    this.stdout.json(joined);
    return;
  }
  this.stdout.line(joined.line);
  this.stderr.line(
    `logged in to ${joined.address} as ${joined.client}, role ${joined.role}, until ${joined.expires}`,
  );
  this.stderr.line(`try: eval "$(${shellJoin(["tetherdock", "env", joined.line])})"; docker ps`);
}

/** Jobs of a CI service, in front of a gateway. */
import { once } from "node:events";
import { type ConnectionOptions, connect } from "node:tls";
import { type IssuedOrRefused, JOB_PROTOCOL } from "../../../src/gateway/index.ts";
import { redeemJob, talkAsJob } from "../../../src/system/api/job-client.ts";
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

export interface JobOptions {
  readonly client?: string;
  readonly machine?: Identity;
  /** Its address: a network is told of a few refused tokens a minute only. */
  readonly from?: string;
}

async function talk(
  { identities, host, port }: Stage,
  { cert, key }: Identity,
  localAddress: string,
  request: { readonly client: string; readonly token: string },
): Promise<IssuedOrRefused> {
  const to: ConnectionOptions & { localAddress: string } = {
    ...{ host, port, localAddress, ca: identities.ca, cert, key },
    ALPNProtocols: [JOB_PROTOCOL],
  };
  const socket = connect(to);
  await once(socket, "secureConnect");
  return talkAsJob(socket, { host, port }, request);
}

/** A job as the program is: it passes the issuer's bytes. */
export async function exchange(
  stage: Stage,
  token: string,
  { client = "ci", machine, from }: JobOptions = {},
): Promise<IssuedOrRefused & { readonly machine: Identity }> {
  const own = machine ?? (await newMachine());
  const { identities, host, port } = stage;
  const credential = { ca: identities.ca, certificate: own.cert, key: own.key };
  const request = { client, token };
  const answer =
    from === undefined
      ? await redeemJob({ host, port }, credential, request)
      : await talk(stage, own, from, request);
  return { ...answer, machine: own };
}

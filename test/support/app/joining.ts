/** A gateway that signs for the machines that join it, for tests of `join` and `ci-login`. */
import type { JoinAnswer, JoinCredential } from "../../../src/gateway/index.ts";
import { issueClient, makeAuthority, openAuthority, publicKeyOf } from "../../../src/pki/index.ts";
import { NOW } from "../host-facts.ts";
import { countingRandom } from "./counting-random.ts";
import { MemoryLines } from "./lines.ts";

/** The gateway's own CA, for clients. */
export const ISSUING = await openAuthority(
  await makeAuthority({ subject: "gateway", now: NOW, clientsOnly: true }),
);
/** Of the line's CA, which the gateway shows. */
export const { certificate: LINE_CA } = await makeAuthority({ subject: "line", now: NOW });

/** @param key private, PEM @returns a certificate for it */
export const signFor = (key: string, commonName: string, lifeMs?: number): Promise<string> =>
  issueClient(ISSUING, {
    ...{ publicKey: publicKeyOf(key), commonName, now: NOW },
    ...(lifeMs !== undefined && { until: NOW + lifeMs }),
  });

export type Redeem = (credential: JoinCredential) => Promise<JoinAnswer>;

/** @template Asked what a machine sends besides its credential @param redeem answers it @param shown the gateway's CA */
export function joinStage<Asked>(redeem: Redeem, shown = LINE_CA) {
  const lines = new MemoryLines();
  const sent: { readonly credential: JoinCredential; readonly asked: Asked }[] = [];
  const state = { redeem, shown };
  const gateway = {
    fetchCa: async () => state.shown,
    redeem: async (_: unknown, credential: JoinCredential, asked: Asked) => {
      sent.push({ credential, asked });
      return state.redeem(credential);
    },
  };
  return { ports: { lines, clock: () => NOW, random: countingRandom(), gateway }, lines, sent, state };
}

/** A gateway that signs for the machines that join it, for tests of `join` and `ci-login`. */
import type { IssuedOrRefused, JoinAnswer, JoinCredential } from "../../../src/gateway/index.ts";
import { issueClient, makeAuthority, openAuthority, publicKeyOf } from "../../../src/pki/index.ts";
import { NOW } from "../host-facts.ts";
import { countingRandom } from "./counting-random.ts";
import { MemoryLines } from "./lines.ts";

/** The gateway's own CA, for clients. */
export const ISSUING = await openAuthority(
  await makeAuthority({ subject: "gateway", now: NOW, clientsOnly: true }),
);
/** The line's CA. */
export const LINE = await openAuthority(await makeAuthority({ subject: "line", now: NOW }));
/** Which the gateway shows. */
export const LINE_CA = LINE.certificate;

/** @param key private, PEM @returns a certificate for it */
export const signFor = (
  key: string,
  commonName: string,
  lifeMs?: number,
  authority = ISSUING,
): Promise<string> =>
  issueClient(authority, {
    ...{ publicKey: publicKeyOf(key), commonName, now: NOW },
    ...(lifeMs !== undefined && { until: NOW + lifeMs }),
  });

export type Redeem<Answer extends JoinAnswer = IssuedOrRefused> = (
  credential: JoinCredential,
) => Promise<Answer>;

/** @template Asked what a machine sends besides its credential @param redeem answers it @param shown the gateway's CA */
export function joinStage<Asked, Answer extends JoinAnswer = IssuedOrRefused>(
  redeem: Redeem<Answer>,
  shown = LINE_CA,
) {
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
  const ports = { lines, clock: () => NOW, random: countingRandom(), gateway };
  return { ports, lines, sent, state };
}

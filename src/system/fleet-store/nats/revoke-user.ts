/** Ends credentials: the servers get the fleet's account anew, with the revocation, and close the connections. */
import type { NatsConnection } from "@nats-io/transport-node";
import { SECOND_MS } from "../../../base/index.ts";
import type { NatsSettings } from "../../../fleet/index.ts";
import { ANSWER_MS } from "./connect.ts";
import { accountKey, accountToken, revocationsIn } from "./trust.ts";

/**
 * Reads what is revoked and adds to it: one at a time.
 * @param system a connection in the servers' own account @param user public key of the credentials @throws Error
 */
export async function revokeUser(
  system: NatsConnection,
  settings: NatsSettings,
  fleet: string,
  user: string,
): Promise<void> {
  const ask = async (subject: string, body: string) =>
    (await system.request(subject, body, { timeout: ANSWER_MS })).string();
  const known = await ask(`$SYS.REQ.ACCOUNT.${accountKey(settings)}.CLAIMS.LOOKUP`, "");
  const now = Math.floor(Date.now() / SECOND_MS);
  const revocations = { ...revocationsIn(known, settings), [user]: now };
  await ask("$SYS.REQ.CLAIMS.UPDATE", await accountToken(settings, fleet, revocations));
}

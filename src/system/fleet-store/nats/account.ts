/** The account of a fleet's hosts as the servers have it: whose credentials are revoked in its token. */
import type { NatsConnection } from "@nats-io/transport-node";
import { json } from "../../../base/index.ts";
import { type EndedUser, type NatsSettings, USER_KEY } from "../../../fleet/index.ts";
import { ANSWER_MS } from "./connect.ts";
import { hostsKey, hostsToken, revocationsIn } from "./trust.ts";

const readAnswer = json.openObject<{
  data: { code: number } | null;
  error: { description: string } | null;
}>({
  data: {
    read: json.orNull(json.openObject({ code: { read: json.number } })),
    optional: { value: null },
  },
  error: {
    read: json.orNull(json.openObject({ description: { read: json.words() } })),
    optional: { value: null },
  },
});

/** @param answer of a server to a new token @throws Error: it does not confirm it */
export function requireTaken(answer: string): void {
  const read = json.read(answer, readAnswer);
  if ("problems" in read) throw new Error(`its answer cannot be read: ${read.problems.join("; ")}`);
  const { data, error } = read.value;
  if (error !== null) throw new Error(`it refuses the account of the fleet's hosts: ${error.description}`);
  if (data?.code !== 200) throw new Error("it does not confirm the account of the fleet's hosts");
}

const ask = async (system: NatsConnection, subject: string, body: string): Promise<string> =>
  (await system.request(subject, body, { timeout: ANSWER_MS })).string();

/** @param system a connection in the servers' own account @throws Error */
export async function endedOnServers(system: NatsConnection, settings: NatsSettings): Promise<EndedUser[]> {
  const token = await ask(system, `$SYS.REQ.ACCOUNT.${hostsKey(settings)}.CLAIMS.LOOKUP`, "");
  const all = Object.entries(revocationsIn(token, settings));
  return all.flatMap(([key, at]) => (USER_KEY.test(key) ? { key, at } : []));
}

/** The servers close the connections of those that are new in it. @param ended all that ever were @throws Error */
export async function endOnServers(
  system: NatsConnection,
  settings: NatsSettings,
  fleet: string,
  ended: readonly EndedUser[],
): Promise<void> {
  const revocations = Object.fromEntries(ended.map(({ key, at }) => [key, at]));
  requireTaken(await ask(system, "$SYS.REQ.CLAIMS.UPDATE", await hostsToken(settings, fleet, revocations)));
}

/** Keys and signed tokens of NATS: an operator trusts accounts, an account signs the credentials of its users. */
import {
  createAccount,
  createOperator,
  createUser,
  decode,
  encodeAccount,
  encodeOperator,
  encodeUser,
  fmtCreds,
  fromSeed,
  type KeyPair,
  type RevocationList,
} from "@nats-io/jwt";
import { SECOND_MS } from "../../../base/index.ts";
import {
  hostPermissions,
  inboxOf,
  MOST_ANSWER,
  type NatsSettings,
  type ServerTrust,
} from "../../../fleet/index.ts";

const text = (bytes: Uint8Array): string => Buffer.from(bytes).toString("utf8");
const pairOf = (seed: string): KeyPair => fromSeed(Buffer.from(seed));

export function makeNatsSettings(): NatsSettings {
  const [operator, system, account] = [createOperator(), createAccount(), createAccount()];
  return {
    ...{ operator: text(operator.getSeed()), system: text(system.getSeed()) },
    account: text(account.getSeed()),
  };
}

const NO_LIMIT = {
  subs: -1,
  data: -1,
  payload: -1,
  conn: -1,
  leaf: 0,
  imports: 0,
  exports: 0,
  wildcards: false,
};
const STORAGE = { mem_storage: 0, disk_storage: -1, streams: 1, consumer: 0 };

/** @param revocations seconds since the epoch, by a user's public key: what was signed until then does not count */
export function accountToken(
  settings: NatsSettings,
  fleet: string,
  revocations: RevocationList,
): Promise<string> {
  const limits = { ...NO_LIMIT, ...STORAGE };
  return encodeAccount(
    `fleet ${fleet}`,
    pairOf(settings.account),
    { limits, revocations } as Parameters<typeof encodeAccount>[2],
    { signer: pairOf(settings.operator) },
  );
}

export const accountKey = ({ account }: NatsSettings): string => pairOf(account).getPublicKey();

/** @param token from the servers @returns which users are revoked in it; none if it is not of this account */
export function revocationsIn(token: string, settings: NatsSettings): RevocationList {
  try {
    const { sub, nats } = decode<{ revocations?: RevocationList }>(token);
    return sub === accountKey(settings) ? { ...nats.revocations } : {};
  } catch {
    return {};
  }
}

export async function serverTrust(settings: NatsSettings, fleet: string): Promise<ServerTrust> {
  const [operator, system] = [pairOf(settings.operator), pairOf(settings.system)];
  const systemKey = system.getPublicKey();
  return {
    operator: await encodeOperator("tetherdock", operator, { system_account: systemKey }),
    system: {
      key: systemKey,
      token: await encodeAccount("system", system, { limits: NO_LIMIT }, { signer: operator }),
    },
    account: { key: accountKey(settings), token: await accountToken(settings, fleet, {}) },
  };
}

/** Longer than the operator's command. */
const OPERATOR_S = 3_600;

const nowS = (): number => Math.floor(Date.now() / SECOND_MS);

/** Credentials for one command of the operator. @param seed of the account in which it works */
export async function operatorCredentials(seed: string): Promise<Uint8Array> {
  const user = createUser();
  return fmtCreds(await encodeUser("command", user, pairOf(seed), {}, { exp: nowS() + OPERATOR_S }), user);
}

/** @returns the credentials' file, and the public key that revokes them */
export async function hostCredentials(
  settings: NatsSettings,
  fleet: string,
  host: string,
): Promise<{ readonly credentials: string; readonly key: string }> {
  const user = createUser();
  const { publish, subscribe } = hostPermissions(fleet, host);
  const token = await encodeUser(inboxOf(fleet, host), user, pairOf(settings.account), {
    ...{ pub: { allow: [...publish] }, sub: { allow: [...subscribe] } },
    ...{ subs: 10, data: -1, payload: MOST_ANSWER, allowed_connection_types: ["STANDARD"] },
  });
  return { credentials: text(fmtCreds(token, user)), key: user.getPublicKey() };
}

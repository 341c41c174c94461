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
  askSecret,
  type HostUser,
  hostPermissions,
  inboxOf,
  MOST_ANSWER,
  MOST_HOSTS,
  type NatsSettings,
  NO_USERS,
  type Passage,
  passagesFromHosts,
  passagesToHosts,
  type ServerTrust,
} from "../../../fleet/index.ts";

const text = (bytes: Uint8Array): string => Buffer.from(bytes).toString("utf8");
const pairOf = (seed: string): KeyPair => fromSeed(Buffer.from(seed));

export function makeNatsSettings(): NatsSettings {
  const [operator, system, account] = [createOperator(), createAccount(), createAccount()];
  return {
    ...{ operator: text(operator.getSeed()), system: text(system.getSeed()) },
    ...{ account: text(account.getSeed()), hosts: text(createAccount().getSeed()), users: NO_USERS },
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
const PASSAGES = { imports: -1, exports: -1, wildcards: true };
/** Receipts are in memory: one of each host, of 2 KiB at most. */
const STORAGE = { mem_storage: -1, disk_storage: -1, streams: 2, consumer: 0 };

/** Of all hosts: stolen credentials must leave the servers places for those who end them. A host that was cut off may be counted twice. */
const MOST_CONNECTIONS = 2 * MOST_HOSTS;

const keyOf = (seed: string): string => pairOf(seed).getPublicKey();

type Account = NonNullable<Parameters<typeof encodeAccount>[2]>;

interface Passages {
  readonly out: readonly Passage[];
  readonly back: readonly Passage[];
  /** What is on the other side. */
  readonly account: string;
}

/** What an account exports to another one, and imports from it. */
function joined({ out, back, account }: Passages): Account {
  const named = (one: Passage) => ({ ...one, name: one.subject });
  return { exports: out.map(named), imports: back.map((one) => ({ ...named(one), account })) } as Account;
}

/** What the servers have to know of the fleet's account. */
function fleetToken({ account, hosts, operator }: NatsSettings, fleet: string): Promise<string> {
  const passages = { out: passagesToHosts(fleet), back: passagesFromHosts(fleet), account: keyOf(hosts) };
  const limits = { ...NO_LIMIT, ...STORAGE, ...PASSAGES };
  const form = { limits, ...joined(passages) } as Account;
  return encodeAccount(`fleet ${fleet}`, pairOf(account), form, { signer: pairOf(operator) });
}

/**
 * What the servers have to know of the account of the hosts.
 * @param revocations seconds since the epoch, by a user's public key: what was signed until then does not count
 */
export function hostsToken(
  { account, hosts, operator }: NatsSettings,
  fleet: string,
  revocations: RevocationList,
): Promise<string> {
  const passages = { out: passagesFromHosts(fleet), back: passagesToHosts(fleet), account: keyOf(account) };
  const limits = { ...NO_LIMIT, ...PASSAGES, conn: MOST_CONNECTIONS };
  const form = { limits, revocations, ...joined(passages) } as Account;
  return encodeAccount(`hosts of ${fleet}`, pairOf(hosts), form, { signer: pairOf(operator) });
}

export const hostsKey = ({ hosts }: NatsSettings): string => keyOf(hosts);

/**
 * @param token from the servers
 * @returns which users are revoked in it; none if no operator of the fleet has signed it: what is made up would stay for good
 */
export function revocationsIn(token: string, settings: NatsSettings): RevocationList {
  try {
    const { iss, sub, nats } = decode<{ revocations?: RevocationList }>(token);
    const isOurs = sub === hostsKey(settings) && iss === pairOf(settings.operator).getPublicKey();
    return isOurs ? { ...nats.revocations } : {};
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
    account: { key: keyOf(settings.account), token: await fleetToken(settings, fleet) },
    hosts: { key: hostsKey(settings), token: await hostsToken(settings, fleet, {}) },
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

/**
 * Of a connection of a host: its inbox, its questions, and the list, which it may hear by several subscriptions for a moment if lists come
 * one after another within a round trip.
 */
const MOST_SUBSCRIPTIONS = 10;

/** @returns the credentials' file, and what revokes them */
export async function hostCredentials(
  settings: NatsSettings,
  fleet: string,
  host: string,
): Promise<{ readonly credentials: string; readonly user: HostUser }> {
  const user = createUser();
  const { publish, subscribe } = hostPermissions(fleet, host, askSecret(settings.account, fleet, host));
  const token = await encodeUser(inboxOf(fleet, host), user, pairOf(settings.hosts), {
    ...{ pub: { allow: [...publish] }, sub: { allow: [...subscribe] } },
    ...{ subs: MOST_SUBSCRIPTIONS, data: -1, payload: MOST_ANSWER, allowed_connection_types: ["STANDARD"] },
  });
  const { iat: issued } = decode(token);
  return { credentials: text(fmtCreds(token, user)), user: { host, key: user.getPublicKey(), issued } };
}

const keyStatement = (fleet: string, { host, key, issued }: HostUser): Uint8Array =>
  Buffer.from(`tetherdock host key 1\n${fleet}\n${host}\n${key}\n${issued}`);

/**
 * Which credentials a host has, for the machines of other operators. The fleet's account signs it: a server could else give the key of
 * another host, whose credentials would end then.
 */
export function formatHostKey({ account }: NatsSettings, fleet: string, user: HostUser): string {
  const signature = pairOf(account).sign(keyStatement(fleet, user));
  return `${user.key} ${user.issued} ${Buffer.from(signature).toString("base64")}`;
}

/**
 * @param message from a server
 * @param known what this machine knows, which needs no signature: verifying takes 10 ms
 * @returns null: nobody of the fleet has signed it for this host
 */
export function readHostKey(
  { account }: NatsSettings,
  fleet: string,
  host: string,
  message: string,
  known?: HostUser,
): HostUser | null {
  const [, key, issued, signature] = /^(U[A-Z2-7]{55}) (\d{1,12}) ([A-Za-z0-9+/]{86}==)$/.exec(message) ?? [];
  if (key === undefined || signature === undefined) return null;
  const user = { host, key, issued: Number(issued) };
  if (known?.key === user.key && known.issued === user.issued) return known;
  const isSigned = pairOf(account).verify(keyStatement(fleet, user), Buffer.from(signature, "base64"));
  return isSigned ? user : null;
}

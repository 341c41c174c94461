/** The gateway's list of clients with the operator in it: without, `up` could not prove that anybody gets in. */
import { shellJoin, TetherdockError } from "../../../base/index.ts";
import { GATEWAY_CLIENTS, GATEWAY_REVOKED } from "../../../facts/index.ts";
import { type Client, formatClients, parseClients, parseRevocations } from "../../../identity/index.ts";

/** Who runs `up`. */
export interface Operator {
  /** `user@laptop`. */
  readonly name: string;
  /** As {@link Client.fingerprint}. */
  readonly fingerprint: string;
}

const MAX_NAME = 64;

/** What a client may be called, as near to the wanted name as can be. */
function freeName(wanted: string, taken: ReadonlySet<string>): string {
  const plain = wanted.replace(/[^A-Za-z0-9._@+-]/g, "-").replace(/^[^A-Za-z0-9]+/, "") || "operator";
  for (let count = 1; ; count += 1) {
    const ending = count === 1 ? "" : `-${count}`;
    const name = plain.slice(0, MAX_NAME - ending.length) + ending;
    if (!taken.has(name)) return name;
  }
}

function clientsOf(text: string | undefined): readonly Client[] {
  return text === undefined ? [] : parseClients(text, `${GATEWAY_CLIENTS} on the host`);
}

/**
 * A revocation is ended by an admin through the gateway, not by an `up` of whom it shut out.
 * @param text the revocations as they are on the host; undefined: there are none
 * @param list clients.json as it is on the host; undefined: there is none
 * @throws CLIENT_REVOKED, GATEWAY_CLIENTS_BROKEN
 */
export function requireNotRevoked(
  text: string | undefined,
  list: string | undefined,
  { name, fingerprint }: Operator,
): void {
  if (text === undefined) return;
  if (!parseRevocations(text, `${GATEWAY_REVOKED} on the host`).get(fingerprint)?.revoked) return;
  const known = clientsOf(list).find((client) => client.fingerprint === fingerprint);
  throw new TetherdockError("CLIENT_REVOKED", "this line's client key has been revoked on the host", {
    why: [
      ...(known ? [] : ["it was removed from the client list"]),
      `the gateway refuses ${name}, and up does not change that`,
    ],
    hints: [
      known
        ? `${shellJoin(["tetherdock", "client", "restore", known.name])}   # by another admin`
        : `${shellJoin(["tetherdock", "client", "add", name, "--public-key"])} FILE --role admin   # by another admin`,
    ],
  });
}

/**
 * The list with the operator as an active admin, and everybody else as they are.
 * @param text clients.json as it is on the host; undefined: there is none
 * @returns the same text where nothing has to change
 * @throws GATEWAY_CLIENTS_BROKEN
 */
export function withOperator(text: string | undefined, { name, fingerprint }: Operator): string {
  const before = clientsOf(text);
  const known = before.find((client) => client.fingerprint === fingerprint);
  const isFine = known?.role === "admin" && known.state === "active" && known.expires === null;
  if (text !== undefined && isFine) return text;
  const others = before.filter((client) => client !== known);
  const operator: Client = {
    name: known?.name ?? freeName(name, new Set(others.map((client) => client.name))),
    fingerprint,
    role: "admin",
    state: "active",
    expires: null,
  };
  return formatClients([...others, operator]);
}

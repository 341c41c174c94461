/** The gateway's list of clients with the operator in it: without, `up` could not prove that anybody gets in. */
import { TetherdockError } from "../../../base/index.ts";
import { GATEWAY_CLIENTS, GATEWAY_REVOKED } from "../../../facts/index.ts";
import { type Client, formatClients, parseClients, parseRevocations } from "../../../gateway/index.ts";

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

/**
 * A revocation is ended by `client restore` alone, not by an `up` of whom it shut out.
 * @param text the revocations as they are on the host; undefined: there are none
 * @throws CLIENT_REVOKED, GATEWAY_CLIENTS_BROKEN
 */
export function requireNotRevoked(text: string | undefined, { name, fingerprint }: Operator): void {
  if (text === undefined) return;
  if (!parseRevocations(text, `${GATEWAY_REVOKED} on the host`).has(fingerprint)) return;
  throw new TetherdockError("CLIENT_REVOKED", "this line's client key has been revoked on the host", {
    why: [`the gateway refuses ${name}, and up does not change that`],
    hints: [
      "tetherdock client ls   # by another admin: find the client's name",
      "tetherdock client restore NAME   # by another admin",
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
  const before = text === undefined ? [] : parseClients(text, `${GATEWAY_CLIENTS} on the host`);
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

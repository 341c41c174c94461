/** Adds the operator to the gateway's client list: otherwise `up` could not prove that anybody gets in. */
import { shellJoin, TetherdockError } from "../../../base/index.ts";
import { LIST_PATHS, type ListOnHost } from "../../../facts/index.ts";
import { applyChange, type Change, type Client, formatClients, keptFrom } from "../../../identity/index.ts";
import { ADMIN_ROLE } from "../../../policy/index.ts";

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
  const plain = wanted.replace(/[^A-Za-z0-9._@+-]/g, "-").replace(/^[^A-Za-z0-9]+/, "") || "laptop";
  for (let count = 1; ; count += 1) {
    const ending = count === 1 ? "" : `-${count}`;
    const name = plain.slice(0, MAX_NAME - ending.length) + ending;
    if (!taken.has(name)) return name;
  }
}

const PATHS = {
  clients: `${LIST_PATHS.clients} on the host`,
  revocations: `${LIST_PATHS.revocations} on the host`,
};

/** Makes the operator, who is not revoked, an active admin without an end. @returns the same list where they are */
function letIn({ name, fingerprint }: Operator): Change {
  return (before) => {
    const known = before.find((client) => client.fingerprint === fingerprint);
    const isFine = known?.role === ADMIN_ROLE && known.expires === null;
    if (isFine) return { clients: before, done: "changed" };
    const others = before.filter((client) => client !== known);
    const operator: Client = {
      name: known?.name ?? freeName(name, new Set(others.map((client) => client.name))),
      fingerprint,
      role: ADMIN_ROLE,
      state: "active",
      expires: null,
    };
    return { clients: [...others, operator], done: known ? "changed" : "added" };
  };
}

/** Only an admin can end a revocation, through the gateway; a revoked operator's own `up` cannot. */
function revoked({ name }: Operator, known: Client | undefined): TetherdockError {
  return new TetherdockError("CLIENT_REVOKED", "this line's client key has been revoked on the host", {
    why: [
      ...(known ? [] : ["it was removed from the client list"]),
      `the gateway refuses ${name}, and up does not change that`,
    ],
    hints: [
      known
        ? `${shellJoin(["tetherdock", "client", "restore", known.name])}   # by another admin`
        : `${shellJoin(["tetherdock", "client", "add", name, "--public-key"])} FILE --role ${ADMIN_ROLE}   # by another admin`,
    ],
  });
}

/**
 * clients.json with the operator as an active admin, and everybody else as they are.
 * @param now milliseconds since the epoch
 * @returns the same text where nothing has to change
 * @throws GATEWAY_CLIENTS_BROKEN, CLIENT_REVOKED
 */
export function withOperator(list: ListOnHost, operator: Operator, now: number): string {
  const text = list.clients ?? formatClients([]);
  const { clients, records } = keptFrom({ ...list, clients: text }, PATHS);
  const known = clients.find(({ fingerprint }) => fingerprint === operator.fingerprint);
  if (records.get(operator.fingerprint)?.revoked || known?.state === "revoked")
    throw revoked(operator, known);
  const changed = applyChange(letIn(operator), clients, now);
  if ("refused" in changed) throw new Error(changed.text);
  return changed.clients === clients ? text : formatClients(changed.clients);
}

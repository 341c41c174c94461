/** The gateway's list of clients with the operator in it: without, `up` could not prove that anybody gets in. */
import { TetherdockError } from "../base/index.ts";
import { GATEWAY_CLIENTS } from "../facts/index.ts";

/** One entry of clients.json. */
interface ClientEntry {
  readonly name: string;
  /** SHA-256 of the key's SubjectPublicKeyInfo, lower-case hex. */
  readonly fingerprint: string | null;
  readonly role: string;
  readonly state: string;
  readonly expires: string | null;
}

/** Who runs `up`. */
export type Operator = Pick<ClientEntry, "name"> & { readonly fingerprint: string };

function broken(why: string): TetherdockError {
  return new TetherdockError("GATEWAY_CLIENTS_BROKEN", "the gateway's list of clients cannot be read", {
    why: [`${GATEWAY_CLIENTS} on the host: ${why}`],
    hints: [`correct ${GATEWAY_CLIENTS} on the host, or move it away: then only you will be in the new one`],
  });
}

function read(text: string): ClientEntry[] {
  let list: unknown;
  try {
    list = JSON.parse(text);
  } catch (error) {
    throw broken((error as Error).message);
  }
  const { version, clients } = (list ?? {}) as { version?: unknown; clients?: unknown };
  if (version !== 1 || !Array.isArray(clients)) throw broken("it has no version 1 and no list of clients");
  return clients as ClientEntry[];
}

function freeName(wanted: string, taken: ReadonlySet<string>): string {
  for (let count = 1; ; count += 1) {
    const name = count === 1 ? wanted : `${wanted}-${count}`;
    if (!taken.has(name)) return name;
  }
}

/**
 * The list with the operator as an active admin, and everybody else as they are.
 * @param text clients.json as it is on the host; undefined: there is none
 * @returns the same text where nothing has to change
 * @throws GATEWAY_CLIENTS_BROKEN
 */
export function withOperator(text: string | undefined, { name, fingerprint }: Operator): string {
  const before = text === undefined ? [] : read(text);
  const known = before.find((client) => client.fingerprint === fingerprint);
  const isFine = known?.role === "admin" && known.state === "active" && known.expires === null;
  if (text !== undefined && isFine) return text;
  const others = before.filter((client) => client !== known);
  const taken = new Set(others.map((client) => client.name));
  const operator: ClientEntry = {
    name: known?.name ?? freeName(name, taken),
    fingerprint,
    role: "admin",
    state: "active",
    expires: null,
  };
  return `${JSON.stringify({ version: 1, clients: [...others, operator] }, null, 2)}\n`;
}

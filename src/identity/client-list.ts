/** The client list decides who gets in, whatever the CA has signed. */
import type { Client } from "./client.ts";

/** Whether a client gets in, and if not, why. */
export type Admission =
  /** `until`: milliseconds since the epoch. */
  | { readonly admitted: true; readonly client: Client; readonly until: number }
  | { readonly admitted: false; readonly client: Client | null; readonly rule: Refusal };

export type Refusal = "unknown-client" | "revoked-client" | "expired-client";

function judge(client: Client | undefined, now: number): Admission {
  if (!client) return { admitted: false, client: null, rule: "unknown-client" };
  if (client.state === "revoked") return { admitted: false, client, rule: "revoked-client" };
  const until = client.expires === null ? Number.POSITIVE_INFINITY : Date.parse(client.expires);
  return until <= now
    ? { admitted: false, client, rule: "expired-client" }
    : { admitted: true, client, until };
}

/** A client list that does not change; every change makes a new one. */
export class ClientList {
  readonly all: readonly Client[];
  readonly #byFingerprint: ReadonlyMap<string, Client>;
  readonly #byName: ReadonlyMap<string, Client>;

  /** @param clients with unique names and fingerprints, as {@link parseClients} ensures */
  constructor(clients: readonly Client[]) {
    this.all = clients;
    this.#byName = new Map(clients.map((client) => [client.name, client]));
    this.#byFingerprint = new Map(
      clients.flatMap((client) =>
        client.fingerprint === null ? [] : [[client.fingerprint, client] as const],
      ),
    );
  }

  /** @param now milliseconds since the epoch */
  admitKey(fingerprint: string, now: number): Admission {
    return judge(this.#byFingerprint.get(fingerprint), now);
  }

  /** For a local socket, whose configuration names its client. */
  admitName(name: string, now: number): Admission {
    return judge(this.#byName.get(name), now);
  }

  get(name: string): Client | undefined {
    return this.#byName.get(name);
  }
}

/** When and from where each client on the list was last connected. It informs people; nothing is decided by it. */
import { json } from "../../base/index.ts";
import { type Client, type ClientKey, clientKey, readInstant } from "../../identity/index.ts";

export interface Seen {
  /** Milliseconds since the epoch. */
  readonly time: number;
  /** As in records, with the port. */
  readonly address: string;
  /** When the certificate that it showed ends, milliseconds since the epoch; null: it showed none, or this was not kept. */
  readonly certificateEnds: number | null;
}

/** One client's entry in the file. */
interface Entry {
  readonly key: ClientKey;
  readonly at: string;
  readonly address: string;
  readonly certificateEnds: string | null;
}

const readFile = json.object<{ version: number; clients: readonly Entry[] }>({
  version: { read: json.only(1) },
  clients: {
    read: json.list(
      json.object<Entry>({
        key: { read: json.words(100) },
        at: { read: readInstant },
        address: { read: json.words(200) },
        certificateEnds: { read: json.orNull(readInstant), optional: { value: null } },
      }),
    ),
  },
});

export class LastSeen {
  /** Only of clients on the list, because others are not admitted; `text` drops those that have left it. */
  #seen = new Map<ClientKey, Seen>();
  #changed = false;

  /** Whether something is new since the last {@link text}. */
  get changed(): boolean {
    return this.#changed;
  }

  /** The client has connected or disconnected. */
  note(client: Pick<Client, "fingerprint" | "name">, seen: Seen): void {
    this.#seen.set(clientKey(client), seen);
    this.#changed = true;
  }

  /** @returns null: not since the gateway has kept this */
  of(client: Pick<Client, "fingerprint" | "name">): Seen | null {
    return this.#seen.get(clientKey(client)) ?? null;
  }

  /** Takes over what an earlier process wrote. @returns what is wrong with the text, and then nothing is taken */
  restore(text: string): readonly string[] {
    const read = json.read(text, readFile);
    if ("problems" in read) return read.problems;
    for (const { key, at, address, certificateEnds: ends } of read.value.clients) {
      const certificateEnds = ends === null ? null : Date.parse(ends);
      if (!this.#seen.has(key)) this.#seen.set(key, { time: Date.parse(at), address, certificateEnds });
    }
    return [];
  }

  /** The file's text. @param clients who is on the list now; all others are forgotten */
  text(clients: readonly Client[]): string {
    const kept = clients.flatMap((client) => {
      const seen = this.of(client);
      return seen === null ? [] : [[clientKey(client), seen] as const];
    });
    this.#seen = new Map(kept);
    this.#changed = false;
    const entries = kept.map(([key, { time, address, certificateEnds: ends }]): Entry => {
      const certificateEnds = ends === null ? null : new Date(ends).toISOString();
      return { key, at: new Date(time).toISOString(), address, certificateEnds };
    });
    return `${JSON.stringify({ version: 1, clients: entries })}\n`;
  }

  /** To be written again: the last text could not be. */
  unwritten(): void {
    this.#changed = true;
  }
}

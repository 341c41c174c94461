/**
 * Hears each new list at once. The *server* ends the subscription after a few messages: another host can make the servers send the
 * list, or an error, to this subject as often as it likes. What operators publish does not count there (nats-server 2.9 and 2.10), and brings
 * a new subscription in time.
 */
import type { NatsConnection } from "@nats-io/transport-node";
import { SECOND_MS } from "../../../../base/index.ts";
import { listSubject } from "../../../../fleet/index.ts";

const AT_A_TIME = 4;
/** How long it waits before it listens again, if what came was no new list. */
const PAUSE_MS = 3 * SECOND_MS;

interface Hears {
  /** @returns whether it is a list that was not there before */
  readonly onMessage: (data: Uint8Array) => boolean;
  /** It listens again: something may have been missed. */
  readonly onPause: () => void;
}

/** Until the connection ends. */
export function hearList(connection: NatsConnection, fleet: string, { onMessage, onPause }: Hears): void {
  let timer: NodeJS.Timeout | undefined;
  const later = () => {
    if (connection.isClosed()) return;
    listen();
    onPause();
  };
  const listen = () => {
    let [seen, hasNext] = [0, false];
    const callback = (_: Error | null, { data }: { readonly data: Uint8Array }) => {
      seen += 1;
      const isNew = onMessage(data);
      if (hasNext) return;
      hasNext = seen === AT_A_TIME || (isNew && seen >= AT_A_TIME / 2);
      if (hasNext && isNew) listen();
      else if (hasNext) timer = setTimeout(later, PAUSE_MS);
    };
    connection.subscribe(listSubject(fleet), { max: AT_A_TIME, callback });
  };
  void connection.closed().then(() => clearTimeout(timer));
  listen();
}

/** What a host is asked through NATS: a plain request and its reply, which no stream keeps. */
import type { Msg, NatsConnection } from "@nats-io/transport-node";
import { askedAt, type HostAccess, MOST_QUESTION } from "../../../../fleet/index.ts";

/**
 * Answers that the server has not taken yet: the library keeps them in memory, and a server may ask and read nothing. What no
 * operator has signed is answered by a refusal, of some hundred bytes.
 */
const MOST_UNREAD = 64;

/** Until the connection ends. A host that joined before there were questions may not listen, and hears none. */
export function hearQuestions(
  connection: NatsConnection,
  { fleet, host, credentials, onQuestion }: Pick<HostAccess, "fleet" | "host" | "credentials" | "onQuestion">,
): void {
  const subject = askedAt(credentials ?? "", fleet, host);
  if (subject === null) return;
  let unread = 0;
  const reply = async (message: Msg) => {
    if (message.data.length > MOST_QUESTION || unread >= MOST_UNREAD) return;
    unread += 1;
    try {
      message.respond(await onQuestion(message.string()));
      // Once it has answered this, the server has read what came before.
      await connection.flush();
    } catch {
      // The connection has ended, or the server takes no message of this size: whoever asked hears nothing.
    } finally {
      unread -= 1;
    }
  };
  connection.subscribe(subject, {
    callback: (error, message) => void (error === null && reply(message)),
  });
}

/** What a host is asked through NATS: a plain request and its reply, which no stream keeps. */
import type { Msg, NatsConnection } from "@nats-io/transport-node";
import { askSubject, type HostAccess, MOST_QUESTION } from "../../../fleet/index.ts";

/** Until the connection ends. A host that joined before there were questions may not listen, and hears none. */
export function hearQuestions(
  connection: NatsConnection,
  { fleet, host, onQuestion }: Pick<HostAccess, "fleet" | "host" | "onQuestion">,
): void {
  const reply = async (message: Msg) => {
    if (message.data.length > MOST_QUESTION) return;
    const answer = await onQuestion(message.string());
    // Whoever asked hears nothing, and asks again.
    if (!connection.isClosed()) message.respond(answer);
  };
  connection.subscribe(askSubject(fleet, host), {
    callback: (error, message) => void (error === null && reply(message)),
  });
}

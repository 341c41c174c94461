/** A connection with a host's credentials, as somebody has it who has taken the host over: all that it hears is in the host's group. */
import {
  createInbox,
  type Msg,
  type NatsConnection,
  type Payload,
  type RequestOptions,
  type SubscriptionOptions,
} from "@nats-io/transport-node";
import { inboxOf, queueOf, type StoreAddress } from "../../../src/fleet/index.ts";
import { connectTo } from "../../../src/system/fleet-store/nats/connect.ts";

export async function connectAsHost(
  address: StoreAddress,
  fleet: string,
  host: string,
  credentials: string,
): Promise<NatsConnection> {
  const inbox = inboxOf(fleet, host);
  const connection = await connectTo(address, { credentials: Buffer.from(credentials), inbox });
  const listen = connection.subscribe.bind(connection);
  const subscribe = (subject: string, options: SubscriptionOptions = {}) =>
    listen(subject, { queue: queueOf(host), ...options });
  const request = (
    subject: string,
    data?: Payload,
    { headers, timeout }: RequestOptions = { timeout: 5_000 },
  ) =>
    new Promise<Msg>((resolve, reject) => {
      const reply = createInbox(inbox);
      const callback = (error: Error | null, message: Msg) =>
        error === null ? resolve(message) : reject(error);
      subscribe(reply, { max: 1, timeout, callback });
      connection.publish(subject, data, { reply, ...(headers ? { headers } : {}) });
    });
  return Object.assign(connection, { subscribe, request });
}

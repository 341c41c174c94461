/** The receipts that are in a fleet's stream. What a host has put in the place of its own costs the others nothing. */
import type { NatsConnection } from "@nats-io/transport-node";
import { allReceipts, type HostReceipt, receiptSubject } from "../../../../fleet/index.ts";
import type { Allowance } from "../bounded-transport.ts";
import { lastMessages } from "../stream.ts";
import { readWritten } from "./hear-receipts.ts";

/** @throws Error */
export async function lastReceipts(
  connection: NatsConnection,
  fleet: string,
  hosts: readonly string[],
  allowance: Allowance,
): Promise<readonly HostReceipt[]> {
  const place = new Map(hosts.map((host) => [receiptSubject(fleet, host), host]));
  const found = await lastMessages(connection, fleet, allReceipts(fleet), {
    isOfHosts: true,
    isWanted: (subject) => place.has(subject),
    onMessage: ({ data }) => {
      allowance.settled += data.length;
    },
  });
  return found.flatMap((message) => readWritten(message, place.get(message.subject) ?? "") ?? []);
}

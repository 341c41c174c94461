/** The receipts that are in a fleet's stream. What a host has put in the place of its own costs the others nothing. */
import type { NatsConnection } from "@nats-io/transport-node";
import { allReceipts, type HostReceipt, MOST_RECEIPT, receiptSubject } from "../../../../fleet/index.ts";
import type { Allowance } from "../bounded-transport.ts";
import { lastMessages, purge } from "../stream.ts";
import { readWritten } from "./hear-receipts.ts";

/** @throws Error */
export async function lastReceipts(
  connection: NatsConnection,
  fleet: string,
  hosts: readonly string[],
  allowance: Allowance,
): Promise<readonly HostReceipt[]> {
  const place = new Map(hosts.map((host) => [receiptSubject(fleet, host), host]));
  const tooLong: string[] = [];
  const found = await lastMessages(connection, fleet, allReceipts(fleet), {
    isWanted: (subject) => place.has(subject),
    onMessage({ subject, data }) {
      allowance.settled += data.length;
      if (data.length > MOST_RECEIPT) tooLong.push(subject);
    },
  });
  // A megabyte of each command, otherwise. Nobody waits for it, as it may fail.
  if (tooLong.length > 0) void purge(connection, fleet, tooLong).catch(() => {});
  return found.flatMap((message) => readWritten(message, place.get(message.subject) ?? "") ?? []);
}

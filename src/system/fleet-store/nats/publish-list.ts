/**
 * Puts a fleet's list in the stream, in the place of the one that is there. Of two machines that publish one version, the second is
 * told. Not by JetStream's message ids: those of a stream are in one space, and a host that writes its receipt could use up the next ones.
 */
import { jetstream } from "@nats-io/jetstream";
import { headers, type NatsConnection } from "@nats-io/transport-node";
import { listSubject, pack, unpack } from "../../../fleet/index.ts";
import { ELECTED_MS, lastMessage } from "./stream.ts";

const VERSION = "Tetherdock-Version";

/** @returns whether it is there now; false: another one of this version is @throws Error: also if another machine was faster */
export async function publishList(
  connection: NatsConnection,
  fleet: string,
  publication: string,
  version: number,
): Promise<boolean> {
  const subject = listSubject(fleet);
  const there = await lastMessage(connection, fleet, subject);
  // Ours, if the answer to it was lost.
  if (there?.header?.get(VERSION) === `${version}`) return unpack(there.data) === publication;
  const fields = headers();
  fields.set(VERSION, `${version}`);
  const expect = { lastSubjectSequence: there?.seq ?? 0 };
  await jetstream(connection).publish(subject, pack(publication), {
    ...{ timeout: ELECTED_MS, headers: fields, expect },
  });
  return true;
}

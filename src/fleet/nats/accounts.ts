/**
 * The two accounts of a fleet in NATS, and what passes between them. NATS checks the subject that a user publishes to, but not the
 * one where it wants its answer: JetStream would write there with the rights of the whole account, and so replace the list or delete
 * the stream. In an account of their own, hosts get answers that reach no subject of the fleet's account.
 */
import { createHmac } from "node:crypto";
import { allAnswers, allQuestions, allReceipts, lastOf, listSubject } from "./names.ts";

export interface Passage {
  readonly type: "stream" | "service";
  readonly subject: string;
}

/** From the fleet's account to that of its hosts. A service gets a request, and its answer goes back to whoever asked. */
export const passagesToHosts = (fleet: string): readonly Passage[] => [
  { type: "stream", subject: listSubject(fleet) },
  { type: "stream", subject: allQuestions(fleet) },
  { type: "service", subject: lastOf(fleet, listSubject(fleet)) },
  { type: "service", subject: allReceipts(fleet) },
];

/** From the account of the hosts to the fleet's. */
export const passagesFromHosts = (fleet: string): readonly Passage[] => [
  { type: "stream", subject: allAnswers(fleet) },
];

/**
 * A part of the subject where a host is asked. Every host can make the servers send something to any subject of the hosts' account
 * that it knows. @param account the seed of the fleet's account, which all operators have
 */
export const askSecret = (account: string, fleet: string, host: string): string =>
  createHmac("sha256", account).update(`tetherdock ask 1\n${fleet}\n${host}`).digest("hex").slice(0, 32);

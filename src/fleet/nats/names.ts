/**
 * What a fleet's store is called in NATS: two streams, in which each subject keeps its last message only. A host reads with a
 * plain subscription and one kind of request (`$JS.API.DIRECT.GET`), so it needs no consumer and leaves nothing on the servers.
 */

/** Of JetStream: what operators write. */
export const streamOf = (fleet: string): string => `tetherdock-${fleet}`;
/** What hosts write: in the other one, they would hold up the list. */
export const receiptsStreamOf = (fleet: string): string => `tetherdock-${fleet}-receipts`;

/** A dot separates the tokens of a subject. */
const token = (name: string): string => name.replaceAll(".", "%2E");
const nameOf = (word: string): string => word.replaceAll("%2E", ".");

export const listSubject = (fleet: string): string => `tetherdock.${fleet}.list`;
/** What operators tell each other of the hosts. */
export const hostsSubject = (fleet: string): string => `tetherdock.${fleet}.hosts`;
/** A change that waits for signatures of other operators. */
export const proposalSubject = (fleet: string): string => `tetherdock.${fleet}.proposal`;
export const receiptSubject = (fleet: string, host: string): string =>
  `tetherdock.${fleet}.receipt.${token(host)}`;
/** Says which credentials a host was given last, so that another operator's machine can end them. */
export const keySubject = (fleet: string, host: string): string => `tetherdock.${fleet}.key.${token(host)}`;
export const allKeys = (fleet: string): string => keySubject(fleet, "*");
/** @param subject of {@link allKeys} */
export const hostOfKey = (fleet: string, subject: string): string =>
  nameOf(subject.slice(keySubject(fleet, "").length));
export const allReceipts = (fleet: string): string => `tetherdock.${fleet}.receipt.*`;
/** Of {@link streamOf}. */
export const operatorSubjects = (fleet: string): string[] => [
  listSubject(fleet),
  hostsSubject(fleet),
  proposalSubject(fleet),
  allKeys(fleet),
];
/** @param subject may have a wildcard */
export const streamWith = (fleet: string, subject: string): string =>
  subject.startsWith(receiptSubject(fleet, "")) ? receiptsStreamOf(fleet) : streamOf(fleet);

/** Where a host is asked. No stream has this subject: questions and answers are kept nowhere. @param secret of this host */
export const askSubject = (fleet: string, host: string, secret: string): string =>
  `tetherdock-ask.${fleet}.${token(host)}.${secret}`;
export const allQuestions = (fleet: string): string => askSubject(fleet, "*", "*");

/**
 * Where a host answers. Not the asker's inbox: a right to answer whatever it hears (`allow_responses`) would let it answer what is
 * published too, in JetStream's place.
 */
export const answerSubject = (fleet: string, host: string, id: string): string =>
  `tetherdock-answer.${fleet}.${token(host)}.${id}`;
export const allAnswers = (fleet: string): string => answerSubject(fleet, "*", "*");

/** @returns the last message of a subject, without a consumer: JetStream's API, ADR-31 of NATS */
export const lastOf = (fleet: string, subject: string): string =>
  `$JS.API.DIRECT.GET.${streamWith(fleet, subject)}.${subject}`;

/** Where a host gets its answers: no other host may listen there. */
export const inboxOf = (fleet: string, host: string): string => `_INBOX.${fleet}.${token(host)}`;

/** Subjects that a host may use. Everything else is refused by the server. */
export interface Permissions {
  readonly publish: readonly string[];
  readonly subscribe: readonly string[];
}

/** It may read the list, write its own receipt, and answer what it is asked. @param secret of {@link askSubject} */
export function hostPermissions(fleet: string, host: string, secret: string): Permissions {
  return {
    publish: [
      lastOf(fleet, listSubject(fleet)),
      receiptSubject(fleet, host),
      answerSubject(fleet, host, "*"),
    ],
    subscribe: [listSubject(fleet), askSubject(fleet, host, secret), `${inboxOf(fleet, host)}.>`],
  };
}

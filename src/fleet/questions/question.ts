/**
 * A call that a fleet's operator makes to the gateway of one host, where only the store reaches it: a text that the store and the
 * host's fleet process pass on. The operator's key signs it, and the answer is encrypted to a key that is made for this
 * question: who passes them on can neither ask, nor read, nor change anything.
 */
import { createPublicKey, generateKeyPairSync, type KeyObject, randomBytes, sign } from "node:crypto";
import { json, MINUTE_MS } from "../../base/index.ts";
import { type FleetDocuments, sha256 } from "../documents.ts";
import type { KeptFleet } from "../kept-fleet.ts";
import { operatorOf, operatorsOf, verifies } from "../operators.ts";
import { readHostName, readSignature } from "../store/receipt.ts";

export interface Question {
  /** SHA-256 of the fleet's first root.json: another fleet may have its name. */
  readonly fleet: string;
  readonly host: string;
  /** Id of the operator who asks. */
  readonly asker: string;
  /** The operator's clock, milliseconds since the epoch. */
  readonly at: number;
  /** 128 random bits, base64url: nobody asks the same question twice. */
  readonly id: string;
  /** The answer is for this X25519 key, as RFC 8037 writes it. */
  readonly key: string;
  /** Path and query of the admin API: `audit/files`. */
  readonly call: string;
  /** Of the rest, Ed25519, base64. */
  readonly signature: string;
}

/** Characters of a question's text. */
export const MOST_QUESTION = 2_048;
/** A question that was kept back is not answered. */
export const QUESTION_MS = 10 * MINUTE_MS;

const readForm = json.object<Question & { readonly version: number }>({
  version: { read: json.only(1) },
  fleet: { read: json.sha256 },
  host: { read: readHostName },
  asker: { read: json.sha256 },
  at: { read: json.time },
  id: { read: json.matching(/^[A-Za-z0-9_-]{22}$/, "128 bits in base64url") },
  key: { read: json.matching(/^[A-Za-z0-9_-]{43}$/, "an X25519 public key") },
  call: { read: json.words(512) },
  signature: { read: readSignature },
});

function bytesOf({ fleet, host, asker, at, id, key, call }: Omit<Question, "signature">): Buffer {
  return Buffer.from(JSON.stringify(["tetherdock fleet question 1", fleet, host, asker, at, id, key, call]));
}

const fleetOf = ({ roots }: Pick<FleetDocuments, "roots">): string => sha256(roots[0] ?? "");

/** A question that was made, and the key that reads its answer. */
export interface MadeQuestion {
  readonly text: string;
  /** X25519, private. */
  readonly answerKey: KeyObject;
}

/** @param documents of the fleet @param key of the operator @param at milliseconds since the epoch */
export function makeQuestion(
  documents: FleetDocuments,
  { host, call, at }: Pick<Question, "host" | "call" | "at">,
  key: KeyObject,
): MadeQuestion {
  const { publicKey, privateKey: answerKey } = generateKeyPairSync("x25519");
  const question = {
    ...{ fleet: fleetOf(documents), host, asker: operatorOf(key, null).id, at },
    id: randomBytes(16).toString("base64url"),
    key: `${publicKey.export({ format: "jwk" }).x}`,
    call,
  };
  const signature = sign(null, bytesOf(question), key).toString("base64");
  return { text: JSON.stringify({ version: 1, ...question, signature }), answerKey };
}

export const answerKeyOf = ({ key }: Question): KeyObject =>
  createPublicKey({ key: { kty: "OKP", crv: "X25519", x: key }, format: "jwk" });

/**
 * Whether a host answers a question.
 * @param text from anybody @param kept in force on the host @param host its name there @param now milliseconds since the epoch
 */
export function judgeQuestion(
  text: string,
  { documents, view }: Pick<KeptFleet, "documents" | "view">,
  host: string,
  now: number,
): { readonly question: Question } | { readonly refused: string } {
  const read = json.read(text, readForm, { maxLength: MOST_QUESTION });
  if ("problems" in read) return { refused: `the question cannot be read: ${read.problems[0]}` };
  const { version: _, ...question } = read.value;
  if (question.fleet !== fleetOf(documents)) return { refused: "this host is in another fleet" };
  if (question.host !== host) return { refused: `this host is ${host} in its fleet` };
  const operator = operatorsOf(documents).find(({ id }) => id === question.asker);
  if (operator === undefined || !verifies(operator, bytesOf(question), question.signature))
    return { refused: "no operator of this host's fleet has signed the question" };
  // Or who keeps new lists from the host would read its log for ever, with the key of an operator who was removed.
  if (now > view.until)
    return { refused: `the list of this host has ended, at ${new Date(view.until).toISOString()}` };
  if (Math.abs(now - question.at) > QUESTION_MS)
    return {
      refused: `the question is of ${new Date(question.at).toISOString()}, and this host's clock says ${new Date(now).toISOString()}`,
    };
  return { question };
}

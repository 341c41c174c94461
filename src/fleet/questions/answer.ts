/**
 * What a host's gateway answers to an operator's question. Encrypted to the question's key: DHKEM(X25519, HKDF-SHA256) of RFC 9180
 * section 4.1, then HKDF-SHA256 and AES-256-GCM. Signed with the key of the host's receipts, which the operator knows.
 */
import {
  createCipheriv,
  createDecipheriv,
  decapsulate,
  encapsulate,
  hkdfSync,
  type KeyObject,
  sign,
} from "node:crypto";
import { promisify } from "node:util";
import { gunzip, gzip } from "node:zlib";
import { json } from "../../base/index.ts";
import { sha256 } from "../documents.ts";
import { readSignature } from "../store/receipt.ts";
import { isSignedBy } from "../store/signed-receipt.ts";
import { answerKeyOf, type MadeQuestion, type Question } from "./question.ts";

/** As of the admin API: an HTTP status, and what is JSON. */
export interface Said {
  readonly status: number;
  readonly value: unknown;
}

/** Characters of an answer's text: a web server takes no more from a host, by default (nginx). */
export const MOST_ANSWER = 1_000_000;
/** Bytes of what is encrypted in it, when unpacked. */
const MOST_SAID = 4 * 1024 * 1024;
/** Characters of a reason. */
const MOST_WHY = 500;

interface Sealed {
  /** SHA-256 of the question's text. */
  readonly question: string;
  /** What the answer's key is made of, base64. */
  readonly kem: string;
  /** base64. */
  readonly sealed: string;
  /** Of the rest, Ed25519, base64. */
  readonly signature: string;
}

const base64 = (most: number) => ({
  read: json.matching(new RegExp(`^[A-Za-z0-9+/]{1,${most}}={0,2}$`), `at most ${most} characters of base64`),
});
const readSealed = json.object<Sealed & { readonly version: number }>({
  version: { read: json.only(1) },
  question: { read: json.sha256 },
  kem: base64(64),
  sealed: base64(MOST_ANSWER),
  signature: { read: readSignature },
});
const readRefused = json.object<{
  readonly version: number;
  readonly question: string;
  readonly refused: string;
}>({
  version: { read: json.only(1) },
  question: { read: json.sha256 },
  refused: { read: json.words(MOST_WHY) },
});
const readSaid = json.openObject<Said>({
  status: { read: json.number },
  value: { read: (value) => value ?? null },
});

const signedBytes = ({ question, kem, sealed }: Omit<Sealed, "signature">): Buffer =>
  Buffer.from(JSON.stringify(["tetherdock fleet answer 1", question, kem, sha256(sealed)]));

/** The key is used once, so its nonce need not vary. */
const NONCE = Buffer.alloc(12);
const TAG_BYTES = 16;

const keyFrom = (shared: Buffer, question: string): Buffer =>
  Buffer.from(hkdfSync("sha256", shared, "", `tetherdock fleet answer 1 ${question}`, 32));

/** For what nobody has to prove. @param question its text */
export function refuseAnswer(question: string, why: string): string {
  return JSON.stringify({ version: 1, question: sha256(question), refused: why.slice(0, MOST_WHY) });
}

/** @param text of the question @param receiptKey of this host @returns the answer's text */
export async function sealAnswer(
  text: string,
  question: Question,
  said: Said,
  receiptKey: KeyObject,
): Promise<string> {
  const digest = sha256(text);
  const { sharedKey, ciphertext } = encapsulate(answerKeyOf(question));
  const cipher = createCipheriv("aes-256-gcm", keyFrom(sharedKey, digest), NONCE);
  const packed = await promisify(gzip)(JSON.stringify(said));
  const sealed = Buffer.concat([cipher.update(packed), cipher.final(), cipher.getAuthTag()]);
  const answer = {
    question: digest,
    kem: ciphertext.toString("base64"),
    sealed: sealed.toString("base64"),
  };
  const signature = sign(null, signedBytes(answer), receiptKey).toString("base64");
  const whole = JSON.stringify({ version: 1, ...answer, signature });
  return whole.length > MOST_ANSWER ? refuseAnswer(text, "the answer is too long for the store") : whole;
}

async function unseal({ kem, sealed }: Sealed, { text, answerKey }: MadeQuestion): Promise<string> {
  const shared = decapsulate(answerKey, Buffer.from(kem, "base64"));
  const bytes = Buffer.from(sealed, "base64");
  const end = bytes.length - TAG_BYTES;
  const decipher = createDecipheriv("aes-256-gcm", keyFrom(shared, sha256(text)), NONCE);
  decipher.setAuthTag(bytes.subarray(end));
  const packed = Buffer.concat([decipher.update(bytes.subarray(0, end)), decipher.final()]);
  return (await promisify(gunzip)(packed, { maxOutputLength: MOST_SAID })).toString("utf8");
}

/** @param text from anybody @returns whether it says that it answers this question; whether it does is for {@link openAnswer} */
export function answers(text: string, question: string): boolean {
  return text.includes(`"question":"${sha256(question)}"`);
}

/**
 * @param text from anybody @param receiptKey public, of the host that was asked
 * @returns what its gateway says; `refused`: why there is no answer, which nobody has proven: foreign text
 */
export async function openAnswer(
  text: string,
  asked: MadeQuestion,
  receiptKey: string,
): Promise<{ readonly said: Said } | { readonly refused: string }> {
  const bounds = { maxLength: MOST_ANSWER };
  const refused = json.read(text, readRefused, bounds);
  if ("value" in refused) return { refused: refused.value.refused };
  const read = json.read(text, readSealed, bounds);
  if ("problems" in read) return { refused: `the answer cannot be read: ${read.problems[0]}` };
  if (read.value.question !== sha256(asked.text)) return { refused: "the answer is to another question" };
  if (!isSignedBy(receiptKey, signedBytes(read.value), read.value.signature))
    return { refused: "the host's gateway has not signed the answer" };
  try {
    const said = json.read(await unseal(read.value, asked), readSaid, { maxLength: MOST_SAID });
    return "value" in said ? { said: said.value } : { refused: said.problems.join("; ") };
  } catch (error) {
    return { refused: `the answer cannot be decrypted: ${(error as Error).message}` };
  }
}

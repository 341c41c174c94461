/** Serves machines that join. None is served while no invitation is open. */
import { json } from "../../base/index.ts";
import { type Desk, OneRequestConnections } from "../exchange/one-request-connections.ts";
import type { ExchangePeer, Reply } from "../exchange/places.ts";
import type { Enrolment, Joiner } from "./enrolment.ts";
import { type JoinAnswer, readJoinRequest } from "./join-protocol.ts";

/** Who connects, as far as TLS can tell. */
export interface JoinPeer extends ExchangePeer, Omit<Joiner, "publicKey"> {
  /** null: it showed no certificate, or its key cannot be read. */
  readonly publicKey: string | null;
}

const NO_KEY: JoinAnswer = {
  refused: "the machine that joins must show an ECDSA key on P-256",
  retry: false,
};
const MALFORMED: JoinAnswer = { refused: "this is not a request to join", retry: false };
const FAILED: JoinAnswer = { refused: "the host failed to store the new client", retry: true };

class JoinDesk implements Desk<JoinPeer> {
  readonly failed = FAILED;
  readonly #enrolment: Enrolment;
  readonly #lineCa: () => string;

  constructor(enrolment: Enrolment, lineCa: () => string) {
    this.#enrolment = enrolment;
    this.#lineCa = lineCa;
  }

  serves(): boolean {
    return this.#enrolment.isOpen;
  }

  greeting(): object {
    return { ca: this.#lineCa() };
  }

  async reply(line: string | null, peer: JoinPeer): Promise<Reply> {
    const read = line === null ? null : json.read(line, readJoinRequest);
    if (read === null || "problems" in read) return this.#refuse("join-malformed", peer, MALFORMED);
    const { publicKey, ...joiner } = peer;
    if (publicKey === null) return this.#refuse("join-without-key", peer, NO_KEY);
    const { secret, proof } = read.value;
    return this.#enrolment.join(Buffer.from(secret, "base64url"), proof, { ...joiner, publicKey });
  }

  #refuse(rule: string, peer: JoinPeer, answer: JoinAnswer): Reply {
    this.#enrolment.noteRefused(rule, peer);
    return { answer, isWrong: false };
  }
}

export type Joiners = OneRequestConnections<JoinPeer>;

/** @param lineCa the line's CA, PEM @param onFailure for the journal */
export function createJoiners(
  enrolment: Enrolment,
  lineCa: () => string,
  onFailure: (error: Error) => void,
): Joiners {
  return new OneRequestConnections(new JoinDesk(enrolment, lineCa), onFailure);
}

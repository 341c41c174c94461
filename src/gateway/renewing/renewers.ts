/** Serves clients that renew: only keys on the list, with a certificate of this line, valid or expired. */
import { json } from "../../base/index.ts";
import { type Desk, OneRequestConnections } from "../exchange/one-request-connections.ts";
import type { ExchangePeer, Reply } from "../exchange/places.ts";
import { type RenewAnswer, readRenewRequest } from "./renew-protocol.ts";
import type { Renewals, Renewer } from "./renewals.ts";

/** Who connects. */
export interface RenewPeer extends ExchangePeer, Pick<Renewer, "fingerprint"> {
  /** null: its key cannot be read, or is not on P-256. */
  readonly publicKey: string | null;
  /** null: it is of another CA, or not for clients. */
  readonly certificate: Renewer["certificate"] | null;
}

const NO_REQUEST: RenewAnswer = { refused: "this is not a request to renew", retry: false };
const NO_CERTIFICATE: RenewAnswer = {
  refused: "the client must show a certificate of this line, for a key on P-256",
  retry: false,
};
const FAILED: RenewAnswer = { refused: "the host failed to renew the certificate", retry: true };

class RenewDesk implements Desk<RenewPeer> {
  readonly failed = FAILED;
  readonly #renewals: Renewals;

  constructor(renewals: Renewals) {
    this.#renewals = renewals;
  }

  serves({ certificate, fingerprint }: RenewPeer): boolean {
    return certificate !== null && this.#renewals.serves(fingerprint);
  }

  greeting(): null {
    return null;
  }

  async reply(line: string | null, { publicKey, certificate, ...peer }: RenewPeer): Promise<Reply> {
    const read = line === null ? null : json.read(line, readRenewRequest);
    if (read === null || "problems" in read) return { answer: NO_REQUEST, isWrong: true };
    if (publicKey === null || certificate === null) return { answer: NO_CERTIFICATE, isWrong: true };
    const { request, ...wanted } = read.value;
    const secret = Buffer.from(request, "base64url");
    return {
      answer: await this.#renewals.renew({ ...peer, publicKey, certificate }, secret, wanted),
      isWrong: false,
    };
  }
}

export type Renewers = OneRequestConnections<RenewPeer>;

/** @param onFailure for the journal */
export function createRenewers(renewals: Renewals, onFailure: (error: Error) => void): Renewers {
  return new OneRequestConnections(new RenewDesk(renewals), onFailure);
}

/** Renews certificates of clients that are on the list, one at a time, and stops a client whose key was copied. */
import { createHash } from "node:crypto";
import { OneAtATime } from "../../base/index.ts";
import {
  type Admission,
  forgiven,
  judgeRenewal,
  type ListInForce,
  MAX_RECOVERIES,
  type Renewal,
  type RenewalStore,
  revokeKey,
  secretHash,
} from "../../identity/index.ts";
import { NO_CA, type Recording } from "../joining/enrolment.ts";
import type { Issuer } from "../ports.ts";
import type { RenewAnswer, Renewed, RenewRequest } from "./renew-protocol.ts";

export interface RenewalParts {
  readonly store: RenewalStore;
  readonly clients: ListInForce;
  readonly issuer: Issuer;
  /** The line's CAs in force, PEM. */
  readonly lineCas: () => string;
  /** SHA-256 of the key of the CA that replaces the line's; null: none does. */
  readonly offeredCa: () => string | null;
  readonly gateway: Recording & {
    admit(peer: { readonly fingerprint: string; readonly clientName: null }): Admission;
  };
}

/** What can be asked for, or told. */
export type Wanted = Omit<RenewRequest, "request">;

/** The CA that replaces the line's, and who trusts it. */
export interface NewCa {
  /** SHA-256 of its public key. */
  readonly key: string;
  /** Names of clients. */
  readonly clients: readonly string[];
}

/** Who asks. Its certificate is of this line, and may have expired. */
export interface Renewer {
  readonly address: string;
  /** SubjectPublicKeyInfo, PEM, and its SHA-256. */
  readonly publicKey: string;
  readonly fingerprint: string;
  readonly certificate: {
    /** SHA-256. */
    readonly fingerprint: string;
    /** Milliseconds since the epoch. */
    readonly notAfter: number;
  };
}

const COPIED =
  "an older certificate of this key was shown: the key is in use in two places. The client was stopped until an admin restores it";

const TEXTS = {
  "unknown-client": "this key is not on the host's list of clients",
  "revoked-client":
    "this client was revoked, or stopped because its key is in use in two places; ask an admin",
  "expired-client": "this client's access has ended; ask an admin",
  "expired-long-ago": "the certificate expired too long ago; ask an admin for a new invitation",
  "recovered-too-often":
    "too many expired certificates of this key were renewed this year; ask an admin to run client restore",
} as const;

const refusal = (refused: string, retry = false): RenewAnswer => ({ refused, retry });

const ofFleet = (name: string) =>
  `this client is on the list of the host's fleet; ask its operator to run: tetherdock fleet client renew ${name} --public-key FILE --out FILE`;

const unsigned = (name: string) =>
  `${NO_CA}; ask the admin who approved this machine to run: tetherdock client approve ${name}`;

const certificateHash = (pem: string): string =>
  createHash("sha256")
    .update(Buffer.from(pem.replace(/-----[^-]+-----|\s/g, ""), "base64"))
    .digest("hex");

export class Renewals {
  readonly #parts: RenewalParts;
  readonly #turns = new OneAtATime();
  /** `trusts` of records on disk, by key: each list of clients needs all of them, and 10,000 files take two seconds. */
  readonly #trusts = new Map<string, string | null>();

  constructor(parts: RenewalParts) {
    this.#parts = parts;
  }

  /** Whether this key is an admitted client's: others are not served. */
  serves(fingerprint: string): boolean {
    return this.#parts.gateway.admit({ fingerprint, clientName: null }).client !== null;
  }

  /** @throws FILE_FAILED, GATEWAY_CLIENTS_BROKEN, CA_… */
  renew(renewer: Renewer, secret: Buffer, wanted: Wanted): Promise<RenewAnswer> {
    return this.#turns.run(() => this.#renew(renewer, secretHash(secret), wanted));
  }

  /**
   * Who has said that they trust the CA that replaces the line's.
   * @returns null: none is about to replace it. A client whose record cannot be read is not among them
   */
  async newCa(): Promise<NewCa | null> {
    const key = this.#parts.offeredCa();
    if (key === null) return null;
    const trusted: string[] = [];
    for (const { name, fingerprint } of this.#parts.clients.clients)
      if (fingerprint !== null && (await this.#trustOf(fingerprint)) === key) trusted.push(name);
    return { key, clients: trusted };
  }

  /** The record of a client's key; null: it has never been renewed. @throws FILE_FAILED, GATEWAY_CLIENTS_BROKEN */
  recordOf(key: string): Promise<Renewal | null> {
    return this.#parts.store.read(key);
  }

  /** An admin lets the client in again. @throws FILE_FAILED */
  forgive(key: string): Promise<void> {
    return this.#turns.run(async () => {
      const record = await this.#parts.store.read(key);
      if (record !== null) await this.#write(key, forgiven(record));
    });
  }

  /** The client is gone from the list. @throws FILE_FAILED */
  forget(key: string): Promise<void> {
    return this.#turns.run(async () => {
      this.#trusts.delete(key);
      await this.#parts.store.remove(key);
    });
  }

  /**
   * Keeps what an admin has signed for a client's key, until the client renews: where this gateway may not sign.
   * @param by the admin
   * @returns why not; null: done
   * @throws FILE_FAILED
   */
  keep(name: string, certificate: string, by: string): Promise<string | null> {
    return this.#turns.run(async () => {
      const { clients, issuer, store, gateway } = this.#parts;
      if (issuer.mayIssue) return "this gateway signs itself: the client renews without an admin";
      const key = clients.clients.find((one) => one.name === name)?.fingerprint ?? null;
      if (key === null) return `there is no client ${name} with a key`;
      const problem = issuer.problemOf(certificate, key);
      if (problem !== null) return `the certificate is not taken: ${problem}`;
      await store.keepSigned(key, certificate);
      gateway.note("admin", by, "client-signed", name, { fingerprint: key });
      return null;
    });
  }

  async #renew(renewer: Renewer, request: string, { lifeMs, trusts }: Wanted): Promise<RenewAnswer> {
    const { store, clients, gateway } = this.#parts;
    const { address, fingerprint, certificate } = renewer;
    const admission = gateway.admit({ fingerprint, clientName: null });
    if (!admission.admitted) {
      this.#note(renewer, admission.client?.name ?? null, `renew-${admission.rule}`);
      return refusal(TEXTS[admission.rule]);
    }
    const { client } = admission;
    // Nobody here could stop it if its key were copied, and other hosts would not know of the renewal.
    if (!clients.clients.some((own) => own.fingerprint === fingerprint)) {
      this.#note(renewer, client.name, "renew-fleet-client");
      return { ...refusal(ofFleet(client.name)), isOfFleet: true };
    }
    if (!gateway.mayAct) return refusal("the audit log cannot be written", true);
    const record = await store.read(fingerprint);
    const now = gateway.clock();
    const { fingerprint: shown, notAfter } = certificate;
    const judged = judgeRenewal(record, { shown, notAfter, request }, now);
    if ("again" in judged) {
      if (trusts !== null) await this.#write(fingerprint, { ...judged.again, trusts });
      return this.#answer(client, judged.again);
    }
    if ("copied" in judged && record !== null) return this.#stop(renewer, client.name, record);
    if (!("issue" in judged)) {
      const rule = "refused" in judged ? judged.refused : "expired-long-ago";
      this.#note(renewer, client.name, `renew-${rule}`);
      return refusal(TEXTS[rule]);
    }
    const issued = await this.#issue(renewer, client, lifeMs);
    if (issued === null) {
      this.#note(renewer, client.name, "renew-unsigned");
      return refusal(unsigned(client.name));
    }
    const next: Renewal = {
      ...judged.issue,
      at: new Date(now).toISOString(),
      current: certificateHash(issued),
      replaced: shown,
      ...{ request, certificate: issued, copy: null, trusts: record?.trusts ?? null },
    };
    await this.#write(fingerprint, next);
    const what = now > notAfter ? "client-recovered" : "client-renewed";
    gateway.note("admin", client.name, what, client.name, { address, fingerprint });
    return this.#answer(client, next);
  }

  /** @returns null: this gateway has no CA, and no admin has signed another certificate for the key */
  async #issue(
    { publicKey, fingerprint, certificate }: Renewer,
    { name, expires }: Pick<Renewed, "name" | "expires">,
    lifeMs: number | null,
  ): Promise<string | null> {
    const { issuer, store } = this.#parts;
    if (!issuer.mayIssue) {
      const signed = await store.signed(fingerprint);
      const isNew = signed !== null && certificateHash(signed) !== certificate.fingerprint;
      return isNew && issuer.problemOf(signed, fingerprint) === null ? signed : null;
    }
    await issuer.prepare();
    return issuer.issue(publicKey, name, expires, lifeMs);
  }

  /** First nobody gets in with the key, then the reason is stored. The last admin is not stopped, only refused. */
  async #stop(renewer: Renewer, name: string, record: Renewal): Promise<RenewAnswer> {
    const { clients, gateway } = this.#parts;
    const { address, fingerprint } = renewer;
    const changed = await clients.change(revokeKey(fingerprint), gateway.clock);
    const copy = { at: new Date(gateway.clock()).toISOString(), address };
    await this.#write(fingerprint, { ...record, copy });
    this.#note(renewer, name, "copied-key");
    if (!("refused" in changed))
      gateway.note("admin", name, "client-stopped", name, { address, fingerprint });
    return refusal("refused" in changed ? `${COPIED.split(". ")[0]}; nothing was renewed` : COPIED);
  }

  async #write(key: string, record: Renewal): Promise<void> {
    this.#trusts.delete(key);
    await this.#parts.store.write(key, record);
  }

  /** @returns null: none, or its record cannot be read, which is tried again */
  async #trustOf(key: string): Promise<string | null> {
    const known = this.#trusts.get(key);
    if (known !== undefined) return known;
    return this.#turns.run(async () => {
      const record = await this.#parts.store.read(key).catch(() => undefined);
      if (record !== undefined) this.#trusts.set(key, record?.trusts ?? null);
      return record?.trusts ?? null;
    });
  }

  #answer(
    { name, role, expires }: Pick<Renewed, "name" | "role" | "expires">,
    { certificate, generation, recoveries }: Renewal,
  ): Renewed {
    const recoveriesLeft = Math.max(0, MAX_RECOVERIES - recoveries.length);
    return { name, role, expires, certificate, generation, recoveriesLeft, ca: this.#parts.lineCas() };
  }

  #note({ address, fingerprint }: Renewer, client: string | null, rule: string): void {
    this.#parts.gateway.note("connection", client, rule, "", { address, fingerprint, decision: "refuse" });
  }
}

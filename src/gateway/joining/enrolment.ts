/** Invitations in force: made and taken back by admins, and redeemed by whoever shows a token. One thing at a time. */
import type { AuditEvent } from "../../audit/index.ts";
import { OneAtATime } from "../../base/index.ts";
import {
  type Invitation,
  type InvitationStore,
  isOpen,
  joinClient,
  type ListInForce,
  redeem,
  secretHash,
  type TokenRefusal,
  withInvitation,
  withoutInvitation,
} from "../../identity/index.ts";
import type { Reply } from "../exchange/places.ts";
import type { Issuer } from "../ports.ts";
import type { JoinAnswer } from "./join-protocol.ts";

/** What it needs of the gateway. */
export interface Recording {
  readonly clock: () => number;
  /** Whether an action may be done now: it must be possible to record it. */
  readonly mayAct: boolean;
  note(
    event: "admin" | "connection",
    client: string | null,
    rule: string,
    target: string,
    more?: Partial<AuditEvent>,
  ): void;
}

export interface EnrolmentParts {
  readonly store: InvitationStore;
  readonly clients: ListInForce;
  readonly issuer: Issuer;
  readonly gateway: Recording;
}

/** Who shows a token. */
export interface Joiner {
  readonly address: string;
  /** The public key that TLS has seen proven: SubjectPublicKeyInfo, PEM, and its SHA-256. */
  readonly publicKey: string;
  readonly fingerprint: string;
}

/** What an admin sees of an invitation. */
export type OpenInvitation = Pick<Invitation, "name" | "role" | "expires" | "until">;

const TEXTS: Readonly<Record<TokenRefusal, string>> = {
  "unknown-token": "the invitation is not known here: it was taken back, replaced, or has expired",
  "expired-token": "the invitation has expired",
  "used-token":
    "another machine has used this invitation; if that was not yours, tell the admin who invited you",
};

export class Enrolment {
  readonly #parts: EnrolmentParts;
  #invitations: readonly Invitation[] = [];
  readonly #turns = new OneAtATime();

  constructor(parts: EnrolmentParts) {
    this.#parts = parts;
  }

  /** Reads what was stored before a restart. @throws FILE_FAILED, GATEWAY_CLIENTS_BROKEN; then none is in force */
  async load(): Promise<void> {
    this.#invitations = await this.#parts.store.read();
  }

  /** Whether any token may still be shown; used ones count, because their answer may have been lost. */
  get isOpen(): boolean {
    const now = this.#parts.gateway.clock();
    return this.#invitations.some((one) => isOpen(one, now));
  }

  /** Invitations that nobody has used yet. */
  get open(): readonly OpenInvitation[] {
    const now = this.#parts.gateway.clock();
    return this.#invitations
      .filter((one) => one.usedBy === null && isOpen(one, now))
      .map(({ name, role, expires, until }) => ({ name, role, expires, until }));
  }

  /**
   * Puts an invitation in force, in place of an earlier one for the same name.
   * @param by the admin
   * @returns why not; null: done
   * @throws FILE_FAILED, CA_…
   */
  invite(invitation: Invitation, by: string): Promise<string | null> {
    return this.#turns.run(async () => {
      const { clients, issuer, gateway } = this.#parts;
      if (clients.clients.some(({ name }) => name === invitation.name))
        return `there is already a client ${invitation.name}`;
      const next = withInvitation(this.#invitations, invitation, gateway.clock());
      if (next === null) return "too many invitations are open; take one back with client rm";
      await issuer.prepare();
      await this.#put(next);
      gateway.note("admin", by, "client-invited", invitation.name);
      return null;
    });
  }

  /** Ends an invitation, used or not. @returns whether there was one that nobody had used @throws FILE_FAILED */
  takeBack(name: string, by: string): Promise<boolean> {
    return this.#turns.run(async () => {
      const { gateway } = this.#parts;
      const wasOpen = this.open.some((one) => one.name === name);
      if (this.#invitations.some((one) => one.name === name))
        await this.#put(withoutInvitation(this.#invitations, name, gateway.clock()));
      if (wasOpen) gateway.note("admin", by, "invitation-taken-back", name);
      return wasOpen;
    });
  }

  /** @returns the answer, and whether the token was wrong */
  join(secret: Buffer, joiner: Joiner): Promise<Reply<JoinAnswer>> {
    return this.#turns.run(() => this.#join(secret, joiner));
  }

  /** Records a request that names no invitation. */
  noteRefused(rule: string, { address, fingerprint }: Omit<Joiner, "publicKey">): void {
    this.#parts.gateway.note("connection", null, rule, "", { address, fingerprint, decision: "refuse" });
  }

  async #join(secret: Buffer, joiner: Joiner): Promise<Reply<JoinAnswer>> {
    const { clients, issuer, gateway } = this.#parts;
    const { address, fingerprint, publicKey } = joiner;
    const about = { address, fingerprint };
    const refuse = (rule: string, client: string | null, refused: string, retry = false) => {
      gateway.note("connection", client, rule, "", { ...about, decision: "refuse" });
      return { answer: { refused, retry }, isWrong: client === null };
    };
    const found = redeem(this.#invitations, secretHash(secret), fingerprint, gateway.clock());
    if ("refused" in found)
      return refuse(found.refused, found.invitation?.name ?? null, TEXTS[found.refused]);
    const { name, role, expires } = found.invitation;
    if (!gateway.mayAct) return refuse("audit-unwritable", name, "the audit log cannot be written", true);
    // First the token is bound to this key, then the key gets in: whatever stops in between, no other key can follow.
    await this.#put(found.invitations);
    const certificate = await issuer.issue(publicKey, name, expires, null);
    const client = { name, fingerprint, role, state: "active", expires } as const;
    const changed = await clients.change(joinClient(client), gateway.clock);
    if ("refused" in changed) return refuse("join-refused", name, changed.text, changed.refused === "busy");
    gateway.note("admin", name, "client-joined", name, about);
    return { answer: { name, role, expires, certificate }, isWrong: false };
  }

  async #put(invitations: readonly Invitation[]): Promise<void> {
    await this.#parts.store.write(invitations);
    this.#invitations = invitations;
  }
}

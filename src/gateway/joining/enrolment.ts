/**
 * Invitations in force: made, approved and taken back by admins, and redeemed by whoever shows a token. One thing at a
 * time.
 */
import type { AuditEvent } from "../../audit/index.ts";
import { OneAtATime } from "../../base/index.ts";
import {
  type Admission,
  type Approved,
  fetched,
  type Invitation,
  type InvitationStore,
  isOpen,
  joinClient,
  type KeyRequest,
  type ListInForce,
  redeem,
  replaced,
  secretHash,
  type TokenRefusal,
  withCertificate,
  withInvitation,
  withoutInvitation,
  withRequest,
} from "../../identity/index.ts";
import { ADMIN_ROLE } from "../../policy/index.ts";
import type { Reply } from "../exchange/places.ts";
import type { Issuer } from "../ports.ts";
import type { JoinAnswer } from "./join-protocol.ts";

/** What it needs of the gateway. */
export interface Recording {
  readonly clock: () => number;
  /** Whether an action may be done now: it must be possible to record it. */
  readonly mayAct: boolean;
  /** Whether a client gets in now, looked up by its name or by its key. */
  admit(who: { readonly clientName: string | null; readonly fingerprint: string | null }): Admission;
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
export interface OpenInvitation extends Pick<Invitation, "name" | "role" | "expires" | "until"> {
  /** `waiting`: a key waits for approval; `approved`: its machine has not fetched the certificate. */
  readonly state: "invited" | "waiting" | "approved";
  /** Of the key; null: nobody has used the token. */
  readonly fingerprint: string | null;
}

function shown({ name, role, expires, until, usedBy, approval }: Invitation): OpenInvitation {
  const isApproved = (approval?.certificate ?? null) !== null;
  const state = usedBy === null ? "invited" : isApproved ? "approved" : "waiting";
  return { name, role, expires, until, state, fingerprint: usedBy };
}

const TEXTS: Readonly<Record<TokenRefusal, string>> = {
  "unknown-token": "the invitation is not known here: it was taken back, replaced, or has expired",
  "expired-token": "the invitation has expired",
  "used-token":
    "another machine has used this invitation; if that was not yours, tell the admin who invited you",
};

const INVITER_OUT = "whoever made this invitation is no longer an admin here; ask an admin for a new one";

const MALFORMED =
  "the token does not fit this invitation: it says otherwise whether an admin approves the key";

export const NO_CA = "this gateway has no CA of its own (issuingCa in its gateway.json)";

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

  /** Invitations whose client is not on the list yet. Used ones that need no approval have nothing to be shown. */
  get open(): readonly OpenInvitation[] {
    const { gateway, clients } = this.#parts;
    const now = gateway.clock();
    const keys = new Set(clients.clients.map(({ fingerprint }) => fingerprint));
    return this.#invitations
      .filter((one) => isOpen(one, now) && this.#isFromAdmin(one))
      .filter(({ usedBy, approval }) => usedBy === null || (approval !== null && !keys.has(usedBy)))
      .map(shown);
  }

  /** @returns what waits under this name; null: nobody has used the token; undefined: there is no such invitation */
  requestOf(name: string): KeyRequest | null | undefined {
    const found = this.#find(name);
    return found?.approval ? found.approval.request : undefined;
  }

  /**
   * Puts an invitation in force, in place of an earlier one for the same name.
   * @param by the admin
   * @returns why not; null: done
   * @throws FILE_FAILED, CA_…
   */
  invite(asked: Omit<Invitation, "by">, by: string): Promise<string | null> {
    return this.#turns.run(async () => {
      const { clients, issuer, gateway } = this.#parts;
      const maker = gateway.admit({ clientName: by, fingerprint: null }).client;
      const invitation = { ...asked, by: maker?.fingerprint ?? null };
      if (clients.clients.some(({ name }) => name === invitation.name))
        return `there is already a client ${invitation.name}`;
      if (invitation.approval === null && !issuer.mayIssue) return NO_CA;
      const next = withInvitation(this.#invitations, invitation, gateway.clock());
      if (next === null) return "too many invitations are open; take one back with client rm";
      if (invitation.approval === null) await issuer.prepare();
      await this.#put(next);
      gateway.note("admin", by, "client-invited", invitation.name);
      return null;
    });
  }

  /**
   * Keeps the certificate that an admin has signed for the key that waits, until its machine fetches it.
   * @param by the admin
   * @returns why not; null: done
   * @throws FILE_FAILED
   */
  approve(name: string, approved: Approved, by: string): Promise<string | null> {
    return this.#turns.run(async () => {
      const { issuer, gateway } = this.#parts;
      const found = this.#find(name);
      if (found === undefined) return `no invitation of ${name} is open`;
      const judged = withCertificate(found, approved, gateway.clock());
      if ("refused" in judged) return judged.refused;
      if (judged.invitation === found) return null;
      const problem = issuer.problemOf(approved.certificate, approved.fingerprint);
      if (problem !== null) return `the certificate is not taken: ${problem}`;
      await this.#put(replaced(this.#invitations, judged.invitation));
      gateway.note("admin", by, "client-approved", name, { fingerprint: approved.fingerprint });
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

  /** @param proof null: the token needs no approval @returns the answer, and whether the token was wrong */
  join(secret: Buffer, proof: string | null, joiner: Joiner): Promise<Reply<JoinAnswer>> {
    return this.#turns.run(() => this.#join(secret, proof, joiner));
  }

  /** Records a request that names no invitation. */
  noteRefused(rule: string, { address, fingerprint }: Omit<Joiner, "publicKey">): void {
    this.#parts.gateway.note("connection", null, rule, "", { address, fingerprint, decision: "refuse" });
  }

  async #join(secret: Buffer, proof: string | null, joiner: Joiner): Promise<Reply<JoinAnswer>> {
    const { gateway } = this.#parts;
    const found = redeem(this.#invitations, secretHash(secret), joiner.fingerprint, gateway.clock());
    if ("refused" in found)
      return this.#refuse(joiner, found.refused, found.invitation?.name ?? null, TEXTS[found.refused]);
    const { invitation } = found;
    const { name, approval } = invitation;
    if (!this.#isFromAdmin(invitation)) return this.#refuse(joiner, "inviter-out", name, INVITER_OUT);
    if ((approval === null) !== (proof === null))
      return this.#refuse(joiner, "join-malformed", name, MALFORMED);
    if (!gateway.mayAct)
      return this.#refuse(joiner, "audit-unwritable", name, "the audit log cannot be written", true);
    return approval === null || approval.certificate !== null
      ? this.#admit(fetched(invitation, gateway.clock()), joiner)
      : this.#wait(invitation, proof ?? "", joiner);
  }

  /** Keeps the request of a key that has to be approved. */
  async #wait(invitation: Invitation, proof: string, joiner: Joiner): Promise<Reply<JoinAnswer>> {
    const { gateway } = this.#parts;
    const { publicKey, fingerprint, address } = joiner;
    const at = new Date(gateway.clock()).toISOString();
    const asked = withRequest(invitation, { publicKey, proof, address, at });
    const { name, until } = asked;
    if (asked !== invitation) {
      await this.#put(replaced(this.#invitations, asked));
      gateway.note("admin", name, "client-asked", name, { address, fingerprint });
    }
    return { answer: { waiting: name, until }, isWrong: false };
  }

  async #admit(invitation: Invitation, joiner: Joiner): Promise<Reply<JoinAnswer>> {
    const { name, role, expires, approval } = invitation;
    const { clients, issuer, gateway } = this.#parts;
    const { publicKey, fingerprint, address } = joiner;
    const approved = approval?.certificate ?? null;
    if (approved === null && !issuer.mayIssue) return this.#refuse(joiner, "join-refused", name, NO_CA);
    // First the token is bound to this key, then the key gets in: whatever stops in between, no other key can follow.
    await this.#put(replaced(this.#invitations, invitation));
    const certificate = approved ?? (await issuer.issue(publicKey, name, expires, null));
    const client = { name, fingerprint, role, state: "active", expires } as const;
    const changed = await clients.change(joinClient(client), gateway.clock);
    if ("refused" in changed)
      return this.#refuse(joiner, "join-refused", name, changed.text, changed.refused === "busy");
    gateway.note("admin", name, "client-joined", name, { address, fingerprint });
    return { answer: { name, role, expires, certificate }, isWrong: false };
  }

  #refuse(
    { address, fingerprint }: Joiner,
    rule: string,
    client: string | null,
    refused: string,
    retry = false,
  ): Reply<JoinAnswer> {
    const about = { address, fingerprint, decision: "refuse" } as const;
    this.#parts.gateway.note("connection", client, rule, "", about);
    return { answer: { refused, retry }, isWrong: client === null };
  }

  /** Whoever is revoked must not come back by a token of their own. */
  #isFromAdmin({ by }: Invitation): boolean {
    if (by === null) return true;
    const maker = this.#parts.gateway.admit({ clientName: null, fingerprint: by });
    return maker.admitted && maker.client.role === ADMIN_ROLE;
  }

  #find(name: string): Invitation | undefined {
    const now = this.#parts.gateway.clock();
    return this.#invitations.find((one) => one.name === name && isOpen(one, now));
  }

  async #put(invitations: readonly Invitation[]): Promise<void> {
    await this.#parts.store.write(invitations);
    this.#invitations = invitations;
  }
}

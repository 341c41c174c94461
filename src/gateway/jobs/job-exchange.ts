/** Jobs of CI services: which clients they become, and the exchange of a token for a certificate of minutes (ADR 0033). */
import type { Duplex } from "node:stream";
import { OneAtATime } from "../../base/index.ts";
import {
  type Client,
  clientOf,
  isSignedByOne,
  type JobAccess,
  type JobPass,
  type JobRefusal,
  type JobStore,
  type JobToken,
  type JobTrust,
  jobIdentity,
  joinClient,
  judgeToken,
  type ListInForce,
  NO_JOBS,
  passesByKey,
  passOf,
  readJobToken,
  withPass,
  withTrust,
} from "../../identity/index.ts";
import type { IssuedOrRefused } from "../exchange/answer.ts";
import type { Reply } from "../exchange/places.ts";
import { type Joiner, NO_CA, type Recording } from "../joining/enrolment.ts";
import type { Issuer } from "../ports.ts";
import type { IssuerKeys } from "./issuer-keys.ts";
import type { JobRequest } from "./job-protocol.ts";

export interface JobParts {
  readonly store: JobStore;
  readonly clients: ListInForce;
  readonly issuer: Issuer;
  readonly keys: IssuerKeys;
  readonly gateway: Recording;
}

type Rule =
  | JobRefusal
  | "revoked-client"
  | "expired-client"
  | "issuer-unreachable"
  | "audit-unwritable"
  | "job-refused";

interface Refusal {
  readonly rule: Rule;
  readonly text: string;
  readonly retry?: boolean;
}

const UNKNOWN: Refusal = { rule: "unknown-job-client", text: "no client of this name is for CI jobs" };
const UNSIGNED: Refusal = { rule: "unsigned-token", text: "the token is not signed by a key of its issuer" };
const NOT_RECORDED: Refusal = {
  rule: "audit-unwritable",
  text: "the audit log cannot be written",
  retry: true,
};
const PASS_TEXTS = {
  "used-token": "another key has used this token; if that was not this job, tell your admin",
  "used-key": "this key is already another client's",
  "too-many-jobs": "too many jobs of this client have a certificate at the moment",
} as const;

export class JobExchange {
  readonly #parts: JobParts;
  #access: JobAccess = NO_JOBS;
  #byKey: ReadonlyMap<string, JobPass> = new Map();
  readonly #turns = new OneAtATime();

  constructor(parts: JobParts) {
    this.#parts = parts;
  }

  /** Reads what was stored before a restart. @throws FILE_FAILED, GATEWAY_CLIENTS_BROKEN; then no job gets in */
  async load(): Promise<void> {
    this.#take(await this.#parts.store.read());
  }

  /** Those whose client is on the list. */
  get trusts(): readonly JobTrust[] {
    const { clients } = this.#parts.clients;
    return this.#access.trusts.filter((trust) => clientOf(trust, clients) !== undefined);
  }

  /** Whether any job may get in. */
  get isOpen(): boolean {
    const now = this.#parts.gateway.clock();
    return this.#access.trusts.some((trust) => this.#refusalOf(trust, now) === null);
  }

  /** Whose key it is, if it is a job's. @returns what the list has for its client, and when its access ends */
  passOf(key: string): { readonly identity: string; readonly until: number } | null {
    return passOf(this.#byKey, key, this.#parts.gateway.clock());
  }

  /**
   * Makes a client of a CI service's jobs.
   * @param by the admin
   * @returns why not; null: done
   * @throws FILE_FAILED, GATEWAY_CLIENTS_BROKEN, GATEWAY_CLIENTS_FULL, CA_…
   */
  trust(
    trust: JobTrust,
    { role, expires }: Pick<Client, "role" | "expires">,
    by: string,
  ): Promise<string | null> {
    return this.#turns.run(async () => {
      const { clients, issuer, gateway, keys } = this.#parts;
      const { name } = trust;
      if (clients.clients.some((one) => one.name === name)) return `there is already a client ${name}`;
      if (!issuer.mayIssue) return `${NO_CA}, and the certificates of jobs are signed with it`;
      const next = withTrust(this.#access, trust, clients.clients, gateway.clock());
      if (next === null) return "too many clients are for CI jobs; remove one with client rm";
      await issuer.prepare();
      await this.#put(next);
      keys.clear();
      const client = { name, fingerprint: jobIdentity(trust), role, state: "active", expires } as const;
      const changed = await clients.change(joinClient(client), gateway.clock);
      if ("refused" in changed) return changed.text;
      gateway.note("admin", by, "client-added", name);
      return null;
    });
  }

  /** @param connect a connection to the token's issuer, which the job passes on */
  async exchange(
    request: JobRequest,
    joiner: Joiner,
    connect: () => Duplex,
  ): Promise<Reply<IssuedOrRefused>> {
    const trust = this.trusts.find(({ name }) => name === request.client);
    const token = readJobToken(request.token);
    if (trust === undefined) return this.#refuse(UNKNOWN, joiner, null);
    if ("problem" in token)
      return this.#refuse({ rule: "malformed-token", text: token.problem }, joiner, trust);
    const refused =
      this.#refusalOf(trust, this.#now) ??
      judgeToken(trust, token, this.#now) ??
      (await this.#signatureProblem(trust, token, connect));
    if (refused !== null) return this.#refuse(refused, joiner, trust);
    return this.#turns.run(() => this.#admit(trust, token, joiner));
  }

  /** Records what is no request. */
  noteRefused(rule: string, { address, fingerprint }: Omit<Joiner, "publicKey">): void {
    this.#parts.gateway.note("connection", null, rule, "", { address, fingerprint, decision: "refuse" });
  }

  get #now(): number {
    return this.#parts.gateway.clock();
  }

  /** Why the client itself may not be used. */
  #refusalOf(trust: JobTrust, now: number): Refusal | null {
    const client = clientOf(trust, this.#parts.clients.clients);
    if (client === undefined) return UNKNOWN;
    if (client.state === "revoked") return { rule: "revoked-client", text: "this client is revoked" };
    return client.expires !== null && Date.parse(client.expires) <= now
      ? { rule: "expired-client", text: "the access of this client has ended" }
      : null;
  }

  async #signatureProblem(trust: JobTrust, token: JobToken, connect: () => Duplex): Promise<Refusal | null> {
    const found = await this.#parts.keys.find(trust, token, connect);
    if ("problem" in found) {
      const text = `the issuer's keys cannot be fetched: ${found.problem}`;
      return { rule: "issuer-unreachable", text, retry: true };
    }
    return (await isSignedByOne(found.keys, token)) ? null : UNSIGNED;
  }

  /** Everything may have changed since the token was judged: its client, other jobs, the time. */
  async #admit(trust: JobTrust, token: JobToken, joiner: Joiner): Promise<Reply<IssuedOrRefused>> {
    const { issuer, gateway, clients } = this.#parts;
    const now = this.#now;
    const { name } = trust;
    const { fingerprint: key, address, publicKey } = joiner;
    const client = this.#access.trusts.includes(trust) ? clientOf(trust, clients.clients) : undefined;
    const refused = this.#refusalOf(trust, now) ?? judgeToken(trust, token, now);
    if (client === undefined || refused) return this.#refuse(refused ?? UNKNOWN, joiner, trust, token);
    if (!gateway.mayAct) return this.#refuse(NOT_RECORDED, joiner, trust, token);
    if (clients.clients.some(({ fingerprint }) => fingerprint === key))
      return this.#refuse({ rule: "job-refused", text: PASS_TEXTS["used-key"] }, joiner, trust, token);
    const end = Math.min(now + trust.lifeMs, client.expires === null ? Infinity : Date.parse(client.expires));
    const wanted = {
      ...{ identity: jobIdentity(trust), key, token: token.hash },
      until: new Date(end).toISOString(),
      tokenUntil: new Date(token.expires).toISOString(),
    };
    const passed = withPass(this.#access, wanted, now);
    if ("refused" in passed) {
      const rule = passed.refused === "used-token" ? "used-token" : "job-refused";
      const retry = passed.refused === "too-many-jobs";
      return this.#refuse({ rule, text: PASS_TEXTS[passed.refused], retry }, joiner, trust, token);
    }
    if (!issuer.mayIssue) return this.#refuse({ rule: "job-refused", text: NO_CA }, joiner, trust, token);
    // Signed first: a token whose pass is stored without a certificate would be used up.
    const certificate = await issuer.issue(publicKey, name, null, Date.parse(passed.pass.until) - now);
    await this.#put(passed.access);
    gateway.note("admin", name, "job-admitted", token.subject, { address, fingerprint: key });
    return { answer: { name, role: client.role, expires: passed.pass.until, certificate }, isWrong: false };
  }

  /** @param token if the issuer has signed it; until then the caller is a stranger, and may be guessing */
  #refuse(
    { rule, text, retry = false }: Refusal,
    { address, fingerprint }: Joiner,
    trust: JobTrust | null,
    token?: JobToken,
  ): Reply<IssuedOrRefused> {
    const more = { address, fingerprint, decision: "refuse" } as const;
    this.#parts.gateway.note("connection", trust?.name ?? null, rule, token?.subject ?? "", more);
    return { answer: { refused: text, retry }, isWrong: token === undefined };
  }

  #take(access: JobAccess): void {
    this.#access = access;
    this.#byKey = passesByKey(access.passes);
  }

  async #put(access: JobAccess): Promise<void> {
    await this.#parts.store.write(access);
    this.#take(access);
  }
}

/** The gateway itself: who is connected, who may be, and what changes for everybody at once. */
import type { Duplex } from "node:stream";
import type { AuditEvent, AuditSink } from "../audit/index.ts";
import { compileRole, type Role, type RoleDefinition } from "../policy/index.ts";
import { type Admission, type Client, ClientBook } from "./clients.ts";
import { Connection } from "./connection.ts";
import type { Hub } from "./hub.ts";
import type { Limits } from "./limits.ts";
import type { LocalApi } from "./local-api.ts";
import { type Gauges, Metrics } from "./metrics.ts";
import type { Peer } from "./peer.ts";
import type { ConnectUpstream } from "./ports.ts";

/** What a gateway is made of. */
export interface GatewayParts {
  readonly limits: Limits;
  readonly clock: () => number;
  readonly audit: AuditSink;
  readonly goOnWithoutAudit: boolean;
  readonly connect: ConnectUpstream;
  readonly clients: readonly Client[];
  readonly roles: readonly RoleDefinition[];
}

/** What the outside may be told of one connection. */
export interface Session {
  readonly id: string;
  readonly client: string | null;
  readonly address: string;
  /** Milliseconds since the epoch. */
  readonly since: number;
  readonly requests: number;
  readonly operation: string | null;
  readonly target: string | null;
}

/** Of strangers, between two sweeps; metrics count them all. */
const REFUSALS_RECORDED = 5;

export class Gateway implements Hub {
  readonly limits: Limits;
  readonly clock: () => number;
  readonly audit: AuditSink;
  readonly goOnWithoutAudit: boolean;
  readonly connect: ConnectUpstream;
  readonly metrics = new Metrics();
  localApi: LocalApi;
  coarseNow: number;
  draining = false;
  /** In the TLS handshake; kept by the listeners. */
  handshakes = 0;
  readonly #connections = new Set<Connection>();
  readonly #perClient = new Map<string, number>();
  readonly #idPrefix: string;
  #book: ClientBook;
  #roles: ReadonlyMap<string, Role>;
  #accepted = 0;
  #refusedSinceSweep = 0;
  #whenEmpty: (() => void) | null = null;

  /** @param idPrefix makes connection ids unique among restarts */
  constructor(parts: GatewayParts, idPrefix: string, localApi: (gateway: Gateway) => LocalApi) {
    this.limits = parts.limits;
    this.clock = parts.clock;
    this.audit = parts.audit;
    this.goOnWithoutAudit = parts.goOnWithoutAudit;
    this.connect = parts.connect;
    this.#book = new ClientBook(parts.clients);
    this.#roles = compile(parts.roles);
    this.#idPrefix = idPrefix;
    this.coarseNow = parts.clock();
    this.localApi = localApi(this);
  }

  get clients(): readonly Client[] {
    return this.#book.all;
  }

  get gauges(): Gauges {
    return {
      connections: this.#connections.size,
      handshakes: this.handshakes,
      auditFailing: this.audit.failure !== null,
    };
  }

  get sessions(): Session[] {
    return [...this.#connections].map((connection) => ({
      id: connection.caller.connection,
      client: connection.caller.client,
      address: connection.caller.address,
      since: connection.since,
      requests: connection.requests,
      operation: connection.current?.call?.operation.name ?? null,
      target: connection.current?.target ?? null,
    }));
  }

  admit(peer: Peer): Admission {
    const now = this.clock();
    return peer.clientName === null
      ? this.#book.admitKey(peer.fingerprint ?? "", now)
      : this.#book.admitName(peer.clientName, now);
  }

  role(name: string): Role | undefined {
    return this.#roles.get(name);
  }

  /** Serves a connection whose peer is known. @param socket half-open sockets allowed, TLS done */
  accept(socket: Duplex, peer: Peer): void {
    const id = `${this.#idPrefix}${(++this.#accepted).toString(36)}`;
    const connection = new Connection(this, { socket, peer, id, onGone: (gone) => this.#forget(gone) });
    this.#connections.add(connection);
    const { client } = connection.caller;
    if (client === null) return;
    const open = (this.#perClient.get(client) ?? 0) + 1;
    this.#perClient.set(client, open);
    if (open > this.limits.connectionsPerClient) connection.barred = "too-many-connections";
  }

  /** Puts a new list in force; connections that it no longer admits as they are, are cut, streams too. */
  setClients(clients: readonly Client[]): void {
    this.#book = new ClientBook(clients);
    this.#reconsider();
  }

  setRoles(roles: readonly RoleDefinition[]): void {
    this.#roles = compile(roles);
    this.#reconsider();
  }

  /** Ends one session. @returns false when there is none of this id */
  cutSession(id: string, why: string): boolean {
    const found = [...this.#connections].find(({ caller }) => caller.connection === id);
    found?.cut(why);
    return found !== undefined;
  }

  /** Looks at every deadline; call it a few times a second. */
  sweep(): void {
    this.coarseNow = this.clock();
    this.#refusedSinceSweep = 0;
    for (const connection of this.#connections) connection.sweep(this.coarseNow);
  }

  /** Lets what runs come to its end. @returns when nothing is connected any more */
  drain(): Promise<void> {
    this.draining = true;
    for (const connection of this.#connections) connection.drain();
    if (this.#connections.size === 0) return Promise.resolve();
    return new Promise((resolve) => {
      this.#whenEmpty = resolve;
    });
  }

  /** Ends whatever is left. @param why goes to the audit log */
  cutAll(why: string): void {
    for (const connection of this.#connections) connection.cut(why);
  }

  /** Somebody finished a handshake and has no certificate of our CA. A flood of those must not fill the disk. */
  refusePeer(address: string, why: string): void {
    this.metrics.note("peer_refused");
    if (++this.#refusedSinceSweep > REFUSALS_RECORDED) return;
    this.note("connection", null, why, "", { address, decision: "refuse" });
  }

  /** A record that belongs to no request. */
  note(
    event: "admin" | "gateway" | "connection",
    client: string | null,
    rule: string,
    target: string,
    more: Partial<AuditEvent> = {},
  ): void {
    this.audit.record({
      time: this.clock(),
      event,
      connection: "",
      request: 0,
      client,
      fingerprint: null,
      address: "",
      operation: null,
      method: "",
      target,
      decision: "allow",
      rule,
      status: null,
      bytesIn: 0,
      bytesOut: 0,
      durationMs: 0,
      ...more,
    });
  }

  #reconsider(): void {
    for (const connection of this.#connections) {
      const now = this.admit(connection.peer);
      const before = connection.admission;
      if (!before.admitted) continue;
      if (!now.admitted) connection.cut(now.rule);
      else if (
        now.client.role !== before.client.role ||
        now.until !== before.until ||
        this.#roleChanged(connection)
      )
        connection.cut("client-changed");
    }
  }

  #roleChanged({ role, admission }: Connection): boolean {
    return admission.admitted && this.role(admission.client.role) !== role;
  }

  #forget(connection: Connection): void {
    this.#connections.delete(connection);
    const { client } = connection.caller;
    if (client !== null) {
      const left = (this.#perClient.get(client) ?? 1) - 1;
      if (left > 0) this.#perClient.set(client, left);
      else this.#perClient.delete(client);
    }
    if (this.#connections.size === 0) this.#whenEmpty?.();
  }
}

function compile(roles: readonly RoleDefinition[]): ReadonlyMap<string, Role> {
  return new Map(roles.map((definition) => [definition.name, compileRole(definition)]));
}

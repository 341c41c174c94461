/** The gateway: its connections, who may connect, and changes that affect them all. */
import type { Duplex } from "node:stream";
import type { AuditEvent, AuditSink } from "../audit/index.ts";
import { type Admission, type Client, ClientList, clientKey } from "../identity/index.ts";
import type { OwnRole, Role, RoleDefinition } from "../policy/index.ts";
import type { AdminApi } from "./admin-port.ts";
import { Holdings } from "./admission/holdings.ts";
import type { Limits } from "./admission/limits.ts";
import { Rate } from "./admission/rate.ts";
import { Turns } from "./admission/turns.ts";
import { Answers } from "./answers/answers.ts";
import { type Authorization, isAuthorized } from "./clients/authorization.ts";
import { LastSeen } from "./clients/last-seen.ts";
import type { Peer } from "./clients/peer.ts";
import { RolesInForce } from "./clients/roles-in-force.ts";
import { Roll } from "./clients/roll.ts";
import { Fills } from "./docker/fills.ts";
import { Starts } from "./docker/starts.ts";
import type { GatewayContext } from "./gateway-context.ts";
import type { ConnectUpstream, Sockets } from "./ports.ts";
import { Cuts } from "./record/cuts.ts";
import { type Gauges, Metrics } from "./record/metrics.ts";
import { Recorder } from "./record/recorder.ts";
import { type Caller, outsideRequests } from "./record/request-record.ts";
import { type Session, sessionOf } from "./record/session.ts";
import { READ_BYTES } from "./request/client-reader.ts";
import { Connection } from "./request/connection.ts";

/** The parts of a gateway. */
export interface GatewayParts {
  readonly limits: Limits;
  readonly clock: () => number;
  readonly audit: AuditSink;
  readonly goOnWithoutAudit: boolean;
  readonly connect: ConnectUpstream;
  readonly sockets: Sockets;
  readonly released: (bytes: number) => void;
  readonly clients: readonly Client[];
  readonly roles: readonly RoleDefinition[];
}

/** The share of all connections that may be past their handshake; the rest is kept for handshakes. */
const ESTABLISHED = 7 / 8;

/** The share of a minute's quota that may be used at once. */
const BURST = 1 / 6;

export class Gateway implements GatewayContext {
  readonly limits: Limits;
  readonly clock: () => number;
  readonly audit: Recorder;
  readonly goOnWithoutAudit: boolean;
  readonly connect: ConnectUpstream;
  readonly sockets: Sockets;
  readonly shared = Buffer.allocUnsafeSlow(READ_BYTES);
  readonly released: (bytes: number) => void;
  readonly metrics = new Metrics();
  readonly cuts = new Cuts<Session>();
  readonly seen = new LastSeen();
  readonly holdings: Holdings;
  readonly turns: Turns;
  readonly starts: Starts;
  readonly answers: Answers;
  readonly kept: Rate;
  readonly fills = new Fills();
  adminApi: AdminApi;
  coarseNow: number;
  draining = false;
  /** Connections in the TLS handshake; the listeners count them. */
  handshakes = 0;
  readonly #connections = new Set<Connection>();
  /** By {@link Caller.owner}. */
  readonly #roll = new Roll<Connection>();
  readonly #refusedConnections: Rate;
  readonly #refusedRequests: Rate;
  readonly #idPrefix: string;
  #clients: ClientList;
  readonly #roles: RolesInForce;
  #accepted = 0;
  #whenEmpty: (() => void) | null = null;

  /** @param idPrefix makes connection ids unique across restarts */
  constructor(parts: GatewayParts, idPrefix: string, adminApi: (gateway: Gateway) => AdminApi) {
    this.limits = parts.limits;
    this.clock = parts.clock;
    this.audit = new Recorder(parts.audit);
    this.goOnWithoutAudit = parts.goOnWithoutAudit;
    this.connect = parts.connect;
    this.sockets = parts.sockets;
    this.released = parts.released;
    const { refusedConnectionsPerMinute: connections, refusedRequestsPerMinute: requests } = this.limits;
    this.#refusedConnections = new Rate(connections, Math.ceil(connections * BURST));
    this.#refusedRequests = new Rate(requests, Math.ceil(requests * BURST));
    this.turns = new Turns((owner) => this.holdings.of(owner).unread <= this.limits.heldBytesPerClient / 2);
    this.holdings = new Holdings(parts.limits, () => this.turns.next());
    this.starts = new Starts(parts.limits.startsPerClient);
    this.answers = new Answers(parts.limits);
    this.kept = new Rate(parts.limits.keptBytesPerMinute, parts.limits.keptBytes);
    this.#clients = new ClientList(parts.clients);
    this.#roles = new RolesInForce(parts.roles);
    this.#idPrefix = idPrefix;
    this.coarseNow = parts.clock();
    this.adminApi = adminApi(this);
  }

  get clients(): readonly Client[] {
    return this.#clients.all;
  }

  get gauges(): Gauges {
    return {
      connections: this.#connections.size,
      handshakes: this.handshakes,
      auditFailing: this.audit.failure !== null,
    };
  }

  get sessions(): Session[] {
    return [...this.#connections].map(sessionOf);
  }

  admit(peer: Pick<Peer, "clientName" | "fingerprint">): Admission {
    const now = this.clock();
    return peer.clientName === null
      ? this.#clients.admitKey(peer.fingerprint ?? "", now)
      : this.#clients.admitName(peer.clientName, now);
  }

  /** Whether an action may be done now: it must be possible to record it. */
  get mayAct(): boolean {
    return this.audit.failure === null || this.goOnWithoutAudit;
  }

  role(name: string): Role | undefined {
    return this.#roles.get(name);
  }

  /**
   * Serves a connection whose peer is known.
   * @param socket with TLS done and half-open allowed
   * @returns whether the peer is an admitted client whose role is defined
   */
  accept(socket: Duplex, peer: Peer): boolean {
    const id = `${this.#idPrefix}${(++this.#accepted).toString(36)}`;
    const admission = this.admit(peer);
    const role = admission.admitted ? (this.#roles.get(admission.client.role) ?? null) : null;
    const { address } = peer;
    const fingerprint = peer.jobKey ?? peer.fingerprint;
    const client = admission.client?.name ?? null;
    const owner = admission.client ? clientKey(admission.client) : (fingerprint ?? "");
    const blocked = this.#hasPlaceFor(owner) ? null : "too-many-connections";
    const authorization: Authorization = { peer, admission, role, blocked };
    const isKnown = role !== null;
    if (!isAuthorized(authorization) && !this.#refusedConnections.take(owner, this.clock())) {
      this.metrics.note("refused_connection_dropped");
      const rule = admission.admitted ? (blocked ?? "unknown-role") : admission.rule;
      this.note("connection", client, rule, "", { fingerprint, address, decision: "refuse" });
      socket.on("error", () => {}).destroy();
      return isKnown;
    }
    const caller = { connection: id, client, fingerprint, address, owner };
    const onGone = () => this.#forget(connection, owner);
    const connection: Connection = new Connection(this, { socket, authorization, caller, onGone });
    this.#connections.add(connection);
    this.#roll.add(owner, connection);
    this.#noteSeen(connection);
    return isKnown;
  }

  mayRefuse({ owner }: Caller): boolean {
    return this.#refusedRequests.take(owner, this.coarseNow);
  }

  /** Activates a new list. Cuts connections, streams included, whose client it no longer admits or has changed. */
  setClients(clients: readonly Client[]): void {
    this.#clients = new ClientList(clients);
    this.#reconsider();
  }

  setRoles(roles: readonly RoleDefinition[]): void {
    this.#roles.setBuiltIn(roles);
    this.#reconsider();
  }

  /** Activates the roles that somebody has made. Cuts connections of clients whose role is gone or another. */
  setOwnRoles(roles: readonly OwnRole[]): void {
    this.#roles.setOwn(roles);
    this.#reconsider();
  }

  /** Ends one session. @returns false when no session has this id */
  cutSession(id: string, why: string): boolean {
    const found = [...this.#connections].find(({ caller }) => caller.connection === id);
    found?.cut(why);
    return found !== undefined;
  }

  /** Checks every deadline. Call it a few times a second. */
  sweep(): void {
    this.coarseNow = this.clock();
    this.audit.sweep(this.coarseNow);
    for (const connection of this.#connections) connection.sweep(this.coarseNow);
    if (this.draining) this.#drainOnce();
  }

  /** Lets running requests finish. Resolves when no connection is left. */
  drain(): Promise<void> {
    this.draining = true;
    return new Promise((resolve) => {
      this.#whenEmpty = resolve;
      this.#drainOnce();
    });
  }

  /** Ends all connections at once. @param why goes to the audit log */
  cutAll(why: string): void {
    for (const connection of this.#connections) connection.cut(why);
  }

  /** Records that a handshake ended without a certificate from our CA. */
  refusePeer(address: string, why: string): void {
    this.metrics.note("peer_refused");
    this.note("connection", null, why, "", { address, decision: "refuse" });
  }

  /** Writes a record that belongs to no request. */
  note(
    event: "admin" | "gateway" | "connection",
    client: string | null,
    rule: string,
    target: string,
    more: Partial<AuditEvent> = {},
  ): void {
    const fingerprint = client === null ? null : (this.#clients.get(client)?.fingerprint ?? null);
    const known = { client, fingerprint, rule, target };
    const record = { ...outsideRequests(event, this.clock()), ...known, ...more };
    this.audit.record(record, event === "connection" ? "refusals" : "actions");
  }

  #reconsider(): void {
    for (const connection of this.#connections) {
      const { authorization } = connection;
      const { peer, admission: before } = authorization;
      const now = this.admit(peer);
      if (!before.admitted) continue;
      if (!now.admitted) this.#cut(connection, now.rule);
      else if (now.client.role !== before.client.role || this.#roleChanged(connection))
        this.#cut(connection, "client-changed");
      else {
        connection.caller.client = now.client.name;
        authorization.admission = now;
      }
    }
  }

  #cut(connection: Connection, why: string): void {
    this.cuts.tell(connection.caller.client, () => sessionOf(connection));
    connection.cut(why);
  }

  /** When all places are taken, the client with the most connections gives one up to a client with fewer. */
  #hasPlaceFor(owner: string): boolean {
    const own = this.#roll.countOf(owner) + 1;
    if (own > this.limits.connectionsPerClient) return false;
    if (this.#connections.size < Math.max(1, Math.floor(this.limits.connections * ESTABLISHED))) return true;
    const spare = this.#roll.largest(own);
    spare?.cut("place-needed");
    return spare !== undefined;
  }

  #roleChanged({ authorization: { role, admission } }: Connection): boolean {
    return admission.admitted && this.role(admission.client.role) !== role;
  }

  #noteSeen({ authorization, caller }: Connection): void {
    const { admission, peer } = authorization;
    if (!isAuthorized(authorization) || !admission.admitted) return;
    const certificateEnds = Number.isFinite(peer.notAfter) ? peer.notAfter : null;
    this.seen.note(admission.client, { time: this.coarseNow, address: caller.address, certificateEnds });
  }

  #forget(connection: Connection, owner: string): void {
    this.#connections.delete(connection);
    this.#noteSeen(connection);
    this.cuts.closed(connection.caller.connection);
    this.#roll.remove(owner, connection);
    this.#tellIfEmpty();
  }

  #drainOnce(): void {
    for (const connection of this.#connections) connection.drain(this.clock());
    this.#tellIfEmpty();
  }

  /** A handshake in progress can still become a connection. */
  #tellIfEmpty(): void {
    if (this.#connections.size === 0 && this.handshakes === 0) this.#whenEmpty?.();
  }
}

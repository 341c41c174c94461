/** A gateway without sockets, files or a real clock: clients and dockerd are pairs of streams. */
import type { Socket } from "node:net";
import { type Duplex, duplexPair } from "node:stream";
import { expect } from "vitest";
import type { AuditEvent, AuditPart, AuditSink } from "../../../src/audit/index.ts";
import type { AdminRequest } from "../../../src/gateway/admin-port.ts";
import { DEFAULT_LIMITS, Gateway, type Limits } from "../../../src/gateway/index.ts";
import { Connection } from "../../../src/gateway/request/connection.ts";
import { compileRole, type Role } from "../../../src/policy/index.ts";
import { Wire } from "../../gateway/support/wire.ts";

/** Keeps records in memory, and fails when told to. */
export class MemorySink implements AuditSink {
  readonly records: (AuditEvent & { readonly part: AuditPart })[] = [];
  failure: string | null = null;

  record(event: AuditEvent, part: AuditPart = "actions"): void {
    this.records.push({ ...event, part });
  }

  write(): void {}

  async close(): Promise<void> {}
}

export const ADMIN: Role = compileRole({ name: "admin", options: {} });
export const VIEWER: Role = compileRole({ name: "viewer", options: { logs: true } });

export class InMemoryGateway {
  now = 1_000;
  readonly audit = new MemorySink();
  readonly gateway: Gateway;
  /** Calls of the admin API. */
  readonly calls: AdminRequest[] = [];
  readonly connections: Connection[] = [];
  /** The gateway's ends of the clients' sockets, and those that the kernel has no connection of any more. */
  readonly sockets: Duplex[] = [];
  readonly gone = new Set<Duplex>();
  readonly #docker: Wire[] = [];

  constructor(limits: Partial<Limits> = {}) {
    this.gateway = new Gateway(
      {
        limits: { ...DEFAULT_LIMITS, ...limits },
        clock: () => this.now,
        audit: this.audit,
        goOnWithoutAudit: false,
        connect: (onBytes) => this.#open(onBytes),
        sockets: { readInto: () => false, isGone: (socket) => this.gone.has(socket) },
        released: () => {},
        clients: [],
        roles: [],
      },
      "test.",
      () => ({
        answer: async (request) => {
          this.calls.push(request);
          return { status: 200, value: { done: true } };
        },
      }),
    );
  }

  /** @param role null: the client is on no list */
  connect(role: Role | null = ADMIN): { readonly client: Wire; readonly connection: Connection } {
    const [near, far] = duplexPair({ allowHalfOpen: true });
    const address = `test:${this.connections.length + 1}`;
    const client = { name: "anna", fingerprint: null, role: "any", state: "active", expires: null } as const;
    const connection = new Connection(this.gateway, {
      socket: near,
      authorization: {
        peer: { address, fingerprint: null, clientName: "anna", notAfter: Number.POSITIVE_INFINITY },
        admission:
          role === null
            ? { admitted: false, client: null, rule: "unknown-client" }
            : { admitted: true, client, until: Number.POSITIVE_INFINITY },
        role,
        blocked: null,
      },
      caller: { connection: address, client: "anna", fingerprint: null, address, owner: "anna" },
      onGone: () => {},
    });
    this.connections.push(connection);
    this.sockets.push(near);
    return { client: new Wire(far), connection };
  }

  /** Connections to dockerd that nobody has taken yet. */
  get waiting(): number {
    return this.#docker.length;
  }

  /** @returns dockerd's end of the next connection */
  async docker(): Promise<Wire> {
    await expect.poll(() => this.#docker.length, { interval: 1 }).toBeGreaterThan(0);
    return this.#docker.shift() as Wire;
  }

  /** Time passes, and the gateway checks its deadlines. */
  pass(ms: number): void {
    this.now += ms;
    this.gateway.sweep();
    for (const connection of this.connections) connection.sweep(this.now);
  }

  /** @returns the finished records, when there are so many */
  async ended(count: number): Promise<AuditEvent[]> {
    const found = () => this.audit.records.filter(({ event }) => event !== "start");
    await expect.poll(() => found().length, { interval: 1 }).toBeGreaterThanOrEqual(count);
    return found();
  }

  #open(onBytes: (bytes: Buffer) => void): Socket {
    const [near, far] = duplexPair({ allowHalfOpen: true });
    near.on("data", (bytes: Buffer) => onBytes(bytes));
    this.#docker.push(new Wire(far));
    return near as Duplex as Socket;
  }
}

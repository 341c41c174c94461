/**
 * A gateway with a role that judges bodies: no role of the product does yet. It has real sockets on both sides, and
 * neither TLS nor files.
 */
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { connect, createServer, type Server } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, expect, type Mock, vi } from "vitest";
import type { AuditEvent } from "../../../src/audit/index.ts";
import { findOperation, type Operation } from "../../../src/engine/index.ts";
import { DEFAULT_LIMITS, Gateway, type Limits } from "../../../src/gateway/index.ts";
import { Connection } from "../../../src/gateway/request/connection.ts";
import type { Decision, Judge, Role, Verdict } from "../../../src/policy/index.ts";
import { isGone } from "../../../src/system/gateway-process/listen/is-gone.ts";
import { createReadInto } from "../../../src/system/gateway-process/listen/read-into.ts";
import { connectUpstream } from "../../../src/system/gateway-process/upstream.ts";
import { MemorySink } from "../../support/gateway/in-memory.ts";
import { FakeDocker } from "./fake-docker.ts";
import { Wire } from "./wire.ts";

const SWEEP_MS = 20;

/** Of a judged body, unless a test says otherwise. */
export const MAX_BYTES = 64;
export const CHUNKED = "Transfer-Encoding: chunked\r\nTrailer: X-T\r\n";

export const allow = (body: Buffer): Verdict => ({ allow: true, rule: "test-body", answer: null, body });

/** Asks for a container. @param fields how the body is framed */
export function create(fields: string, body = ""): string {
  return `POST /v1.41/containers/create?name=web HTTP/1.1\r\nHost: docker\r\n${fields}X-Kept:  as it was\r\n\r\n${body}`;
}

export function sized(body: string): string {
  return create(`Content-Length: ${body.length}\r\n`, body);
}

/** The same request as dockerd gets it. */
export function forwarded(body: string): string {
  return `POST /v1.41/containers/create?name=web HTTP/1.1\r\nHost: docker\r\nX-Kept:  as it was\r\nContent-Length: ${body.length}\r\n\r\n${body}`;
}

function operation(method: string, target: string): Operation {
  const found = findOperation(method, target);
  if (found === null) throw new Error(`${method} ${target} calls no operation`);
  return found.operation;
}

/** Creating a container, starting an exec and attaching are judged, a ping is allowed, everything else is refused. */
function roleOf(judge: Judge): Role {
  const allow: Decision = { allow: true, rule: "test-ping", answer: null };
  return {
    name: "judged",
    admin: false,
    decisions: new Map<Operation, Decision>([
      [operation("POST", "/containers/create"), judge],
      [operation("POST", "/exec/x/start"), judge],
      [operation("POST", "/containers/x/attach"), judge],
      [operation("GET", "/_ping"), allow],
    ]),
    unknown: { allow: false, rule: "test-unknown", reason: "only what is in the test" },
  };
}

export class JudgingGateway {
  readonly docker: FakeDocker;
  readonly audit = new MemorySink();
  readonly gateway: Gateway;
  readonly #folder: string;
  readonly #server: Server;
  readonly #connections = new Set<Connection>();
  readonly #wires: Wire[] = [];
  readonly #sweep: NodeJS.Timeout;

  private constructor(folder: string, judge: Judge, limits: Partial<Limits>) {
    this.#folder = folder;
    this.docker = new FakeDocker(join(folder, "docker.sock"));
    this.gateway = new Gateway(
      {
        limits: { ...DEFAULT_LIMITS, ...limits },
        clock: () => Date.now(),
        audit: this.audit,
        goOnWithoutAudit: false,
        connect: connectUpstream(this.docker.path),
        sockets: { readInto: createReadInto(() => {}), isGone },
        released: () => {},
        clients: [],
        roles: [],
      },
      "test.",
      () => ({ answer: async () => ({ status: 200, value: {} }) }),
    );
    const role = roleOf(judge);
    let count = 0;
    this.#server = createServer({ allowHalfOpen: true }, (socket) => {
      const client = {
        name: "anna",
        fingerprint: null,
        role: "judged",
        state: "active",
        expires: null,
      } as const;
      const address = `test:${++count}`;
      const caller = { connection: address, client: "anna", fingerprint: null, address, owner: "anna" };
      const connection: Connection = new Connection(this.gateway, {
        socket,
        authorization: {
          peer: { address, fingerprint: null, clientName: "anna", notAfter: Number.POSITIVE_INFINITY },
          admission: { admitted: true, client, until: Number.POSITIVE_INFINITY },
          role,
          blocked: null,
        },
        caller,
        onGone: () => this.#connections.delete(connection),
      });
      this.#connections.add(connection);
    });
    this.#sweep = setInterval(() => {
      this.gateway.sweep();
      for (const connection of this.#connections) connection.sweep(Date.now());
    }, SWEEP_MS);
  }

  static async make(judge: Judge, limits: Partial<Limits> = {}): Promise<JudgingGateway> {
    const folder = await mkdtemp(join(tmpdir(), "tetherdock-judging-"));
    const made = new JudgingGateway(folder, judge, limits);
    await made.docker.open();
    made.#server.listen(join(folder, "gateway.sock"));
    await once(made.#server, "listening");
    return made;
  }

  async connect(): Promise<Wire> {
    const socket = connect({ path: join(this.#folder, "gateway.sock"), allowHalfOpen: true });
    await once(socket, "connect");
    const wire = new Wire(socket);
    this.#wires.push(wire);
    return wire;
  }

  /** Cuts every connection, as a revocation does. */
  cutAll(why: string): void {
    for (const connection of this.#connections) connection.cut(why);
  }

  /** Resolves when the gateway has read the head of such a request, and not answered it. */
  async asked(name: string): Promise<void> {
    const names = () =>
      [...this.#connections].map(({ exchanges }) => exchanges.current?.request.call?.operation.name);
    await expect.poll(names).toContain(name);
  }

  /** @returns the records of one operation, when there are so many */
  async records(name: string, count: number): Promise<AuditEvent[]> {
    const found = () => this.audit.records.filter((record) => record.operation === name);
    await expect.poll(() => found().length).toBeGreaterThanOrEqual(count);
    expect(found()).toHaveLength(count);
    return found();
  }

  async end(): Promise<void> {
    clearInterval(this.#sweep);
    for (const wire of this.#wires) wire.destroy();
    await this.docker.close();
    this.#server.close();
    await rm(this.#folder, { recursive: true, force: true });
  }
}

/** For a whole test file: its judge, and a gateway for each test, ended after it. */
export function judgingTests(): {
  readonly judge: Mock<Judge["judge"]>;
  readonly make: (
    how?: Judge["judge"],
    limits?: Partial<Limits>,
    maxBytes?: number,
  ) => Promise<JudgingGateway>;
} {
  const judge = vi.fn<Judge["judge"]>();
  let here: JudgingGateway;
  afterEach(() => here.end());
  return {
    judge,
    async make(how = allow, limits = {}, maxBytes = MAX_BYTES) {
      judge.mockReset().mockImplementation(how);
      here = await JudgingGateway.make({ allow: null, maxBytes, byBody: true, judge }, limits);
      return here;
    },
  };
}

/** A gateway's admin API, out of a list of clients: it keeps what it is told, and says what it was asked. */
import type { GatewayPort } from "../../../src/app/gateway-api/index.ts";
import { json, type TetherdockError } from "../../../src/base/index.ts";
import type { GatewayAccess, GatewayCall, OpenInvitation } from "../../../src/gateway/index.ts";
import type { Client } from "../../../src/identity/index.ts";

export class FakeGateway implements GatewayPort {
  readonly clients = new Map<string, Client>();
  /** Who is invited and has not joined. */
  invitations: readonly OpenInvitation[] = [];
  /** Every call, and the line it came by. */
  readonly calls: (Pick<GatewayCall, "method" | "path"> & { readonly line: string })[] = [];
  /** Of those calls that had one. */
  readonly bodies: unknown[] = [];
  /** What it answers to paths of other kinds. */
  readonly answers = new Map<string, unknown>();
  /** Records for `audit`. */
  records: readonly string[] = [];
  /** What it closed, if it says so when a client is changed. */
  receipt: object | null = null;
  /** Thrown by every call. */
  failure: TetherdockError | null = null;
  /** Thrown by every call that would change something. */
  refusal: Error | null = null;

  readonly call = async <T>(access: GatewayAccess, call: GatewayCall, reader: json.Read<T>): Promise<T> => {
    this.#note(access, call);
    const read = json.read(JSON.stringify(this.#answer(call)), reader);
    if ("value" in read) return read.value;
    throw new Error(read.problems.join());
  };

  async *lines(access: GatewayAccess, call: GatewayCall): AsyncGenerator<string> {
    this.#note(access, call);
    yield* this.records;
  }

  #note({ line }: GatewayAccess, { method, path, body }: GatewayCall): void {
    this.calls.push({ line, method, path });
    if (body !== undefined) this.bodies.push(body);
    if (this.failure) throw this.failure;
    if (this.refusal && method !== "GET") throw this.refusal;
  }

  #answer({ method, path, body }: GatewayCall): unknown {
    const [, name = "", change] = path.split("/").map(decodeURIComponent);
    if (path === "clients") {
      const more = this.answers.get(path) as object | undefined;
      return { clients: [...this.clients.values()], invitations: this.invitations, ...more };
    }
    if (!path.startsWith("clients/")) return this.answers.get(path) ?? {};
    const known = this.clients.get(name);
    if (method === "PUT") this.clients.set(name, body as Client);
    else if (method === "DELETE") this.clients.delete(name);
    else if (known && change === "role") this.clients.set(name, { ...known, ...(body as { role: string }) });
    else if (known && change === "rename") {
      const { name: newName } = body as { name: string };
      this.clients.delete(name);
      this.clients.set(newName, { ...known, name: newName });
    } else if (known) this.clients.set(name, { ...known, state: change === "revoke" ? "revoked" : "active" });
    return this.receipt ? { receipt: this.receipt } : {};
  }
}

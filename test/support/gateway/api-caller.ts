/** One client's calls of the Engine API through a gateway, each on a connection of its own. */
import { request } from "node:https";
import { text } from "node:stream/consumers";
import type { LineKeys } from "./line-on-host.ts";

export interface Call {
  readonly method: string;
  readonly target: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** A string is sent as it is. */
  readonly body?: string | object;
  /** Sent as it is, without a length. */
  readonly chunked?: boolean;
}

export interface Reply {
  readonly status: number;
  readonly body: string;
}

export class ApiCaller {
  readonly #keys: LineKeys;

  constructor(keys: LineKeys) {
    this.#keys = keys;
  }

  call({ method, target, headers = {}, body, chunked = false }: Call): Promise<Reply> {
    const { promise, resolve, reject } = Promise.withResolvers<Reply>();
    const data = body === undefined || typeof body === "string" ? body : JSON.stringify(body);
    const fields: Record<string, string> = {
      ...(data === undefined ? {} : { "Content-Type": "application/json" }),
      ...headers,
    };
    if (data !== undefined && !chunked) fields["Content-Length"] = String(Buffer.byteLength(data));
    const asked = request({ ...this.#keys, method, path: target, headers: fields, agent: false });
    asked.on("error", reject);
    asked.on("upgrade", (answer, socket) => {
      socket.destroy();
      resolve({ status: answer.statusCode ?? 0, body: "" });
    });
    asked.on("response", async (answer) =>
      resolve({ status: answer.statusCode ?? 0, body: await text(answer) }),
    );
    asked.end(data);
    return promise;
  }

  /** @returns what is answered. @throws Error above 399 */
  async json<T>(method: string, target: string, body?: object): Promise<T> {
    const reply = await this.call({ method, target, ...(body && { body }) });
    if (reply.status >= 400) throw new Error(`${method} ${target}: ${reply.status} ${reply.body}`);
    return (reply.body === "" ? null : JSON.parse(reply.body)) as T;
  }
}

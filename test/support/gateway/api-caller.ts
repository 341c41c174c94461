/** One client's calls of the Engine API through a gateway, each on a connection of its own. */
import { request } from "node:https";
import { text } from "node:stream/consumers";
import { connect } from "node:tls";
import type { LineKeys } from "./line-on-host.ts";

export interface Call {
  readonly method: string;
  readonly target: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** A string is sent as it is. */
  readonly body?: string | object;
  /** Sent as it is, without a length. */
  readonly chunked?: boolean;
  /** The bytes of the request, instead of those that Node would write. The reply is the last on the connection. */
  readonly bytes?: (request: Buffer) => readonly Buffer[];
}

export interface Reply {
  readonly status: number;
  readonly body: string;
}

export class ApiCaller {
  readonly keys: LineKeys;

  constructor(keys: LineKeys) {
    this.keys = keys;
  }

  call(call: Call): Promise<Reply> {
    return call.bytes === undefined ? this.#ask(call) : this.#write(call, call.bytes);
  }

  #ask({ method, target, headers = {}, body, chunked = false }: Call): Promise<Reply> {
    const { promise, resolve, reject } = Promise.withResolvers<Reply>();
    const data = body === undefined || typeof body === "string" ? body : JSON.stringify(body);
    const fields: Record<string, string> = {
      ...(data === undefined ? {} : { "Content-Type": "application/json" }),
      ...headers,
    };
    if (data !== undefined && !chunked) fields["Content-Length"] = String(Buffer.byteLength(data));
    const asked = request({ ...this.keys, method, path: target, headers: fields, agent: false });
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

  async #write(
    { method, target, headers = {}, body }: Call,
    bytes: NonNullable<Call["bytes"]>,
  ): Promise<Reply> {
    const data = typeof body === "string" ? body : JSON.stringify(body ?? {});
    const fields = {
      ...{
        Host: "docker",
        "Content-Type": "application/json",
        "Content-Length": `${Buffer.byteLength(data)}`,
      },
      ...{ Connection: "close", ...headers },
    };
    const lines = Object.entries(fields).map(([name, value]) => `${name}: ${value}\r\n`);
    const socket = connect({ ...this.keys });
    socket.setNoDelay(true);
    for (const piece of bytes(Buffer.from(`${method} ${target} HTTP/1.1\r\n${lines.join("")}\r\n${data}`)))
      socket.write(piece);
    const replies = (await text(socket)).split(/(?=HTTP\/1\.1 \d{3} )/);
    const [, status = "0", answer = ""] =
      /^HTTP\/1\.1 (\d+).*?\r\n\r\n(.*)$/s.exec(replies.at(-1) ?? "") ?? [];
    return { status: Number(status), body: answer };
  }

  /** @returns what is answered. @throws Error above 399 */
  async json<T>(method: string, target: string, body?: object): Promise<T> {
    const reply = await this.call({ method, target, ...(body && { body }) });
    if (reply.status >= 400) throw new Error(`${method} ${target}: ${reply.status} ${reply.body}`);
    return (reply.body === "" ? null : JSON.parse(reply.body)) as T;
  }
}

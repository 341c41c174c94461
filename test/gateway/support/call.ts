/** One call of the admin API. */
import type { Wire } from "./wire.ts";

export interface Reply {
  readonly status: number;
  readonly value: Record<string, unknown> & { readonly message?: string };
}

/** @param client a connection that is kept open */
export async function call(client: Wire, method: string, path: string, body?: unknown): Promise<Reply> {
  const text = body === undefined ? "" : typeof body === "string" ? body : JSON.stringify(body);
  const framing = body === undefined ? "" : `Content-Length: ${Buffer.byteLength(text)}\r\n`;
  client.send(`${method} /tetherdock/v1/${path} HTTP/1.1\r\nHost: d\r\n${framing}\r\n${text}`);
  const head = await client.sees("\r\n\r\n");
  const length = Number(/Content-Length: (\d+)/.exec(head)?.[1]);
  const whole = await client.takes(length);
  return { status: Number(head.split(" ")[1]), value: JSON.parse(whole) };
}

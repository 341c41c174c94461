/**
 * Relays everything unchanged between a client and dockerd, and reports each request head. It accepts more than the
 * gateway, because requests that the gateway would refuse must be seen here too. Bodies are skipped and never kept.
 */

import { connect, type Socket } from "node:net";
import { createServer, type Server } from "node:tls";
import { ChunkedBody } from "../../src/http/chunked.ts";
import { SizedBody } from "../../src/http/framing.ts";
import { type Body, NO_BODY } from "../../src/http/index.ts";

const END = "\r\n\r\n";
const field = (head: string, name: string) => new RegExp(`^${name}: *(.*?) *\r$`, "im").exec(head)?.[1] ?? "";

function bodyOf(head: string): Body {
  if (/chunked/i.test(field(head, "transfer-encoding"))) return new ChunkedBody();
  const length = Number(field(head, "content-length"));
  return length > 0 ? new SizedBody(length) : NO_BODY;
}

/** Whether the following bytes are not HTTP: dockerd takes the connection over. */
const isHijack = (head: string) =>
  /^upgrade:/im.test(head) || /^POST \S*(?:\/attach|\/exec\/\w+\/start)[? ]/.test(head);

/** Finds the heads in one client's bytes. */
export class HeadFinder {
  readonly #tell: (head: string) => void;
  #bytes: Buffer = Buffer.alloc(0);
  #body: Body = NO_BODY;
  #last = "";
  #raw = false;

  /** @param tell gets each head, without the empty line, and each body that the gateway would refuse */
  constructor(tell: (head: string) => void) {
    this.#tell = tell;
  }

  take(bytes: Buffer): void {
    if (this.#raw) return;
    this.#bytes = Buffer.concat([this.#bytes, bytes]);
    while (this.#bytes.length > 0 && !this.#raw) if (!this.#advance()) return;
  }

  #advance(): boolean {
    if (!this.#body.done) {
      this.#bytes = this.#bytes.subarray(this.#body.take(this.#bytes, 0));
      if (this.#body.problem !== null) {
        this.#raw = true;
        if (!isHijack(this.#last)) this.#tell(`refused ${this.#body.problem.code} in body: ${this.#last}`);
      }
      if (!this.#body.done) return false;
      this.#raw ||= isHijack(this.#last);
      return true;
    }
    const end = this.#bytes.indexOf(END);
    if (end < 0) return false;
    this.#last = this.#bytes.toString("latin1", 0, end + 2);
    this.#tell(this.#last);
    this.#bytes = this.#bytes.subarray(end + END.length);
    this.#body = bodyOf(this.#last);
    this.#raw = this.#body.done && isHijack(this.#last);
    return true;
  }
}

/** @param tell gets every head */
export function relay(
  tls: { readonly key: Buffer; readonly cert: Buffer },
  docker: { readonly host: string; readonly port: number },
  tell: (head: string) => void,
): Server {
  return createServer({ ...tls, ALPNProtocols: ["http/1.1"], allowHalfOpen: true }, (client) => {
    const finder = new HeadFinder(tell);
    const upstream: Socket = connect({ ...docker, allowHalfOpen: true });
    client.on("data", (bytes: Buffer) => finder.take(bytes));
    client.pipe(upstream).pipe(client);
    client.on("error", () => upstream.destroy());
    upstream.on("error", () => client.destroy());
  });
}

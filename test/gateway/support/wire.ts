/** A socket as a test speaks by it: bytes out as text, bytes in waited for. */
import { once } from "node:events";
import type { Duplex } from "node:stream";

interface Waiting {
  readonly find: (text: string) => number;
  readonly resolve: (text: string) => void;
  readonly reject: (error: Error) => void;
  readonly what: string;
}

/** Behind the first match; -1: not there yet. */
function finder(what: string | RegExp): (text: string) => number {
  return (text) => {
    if (typeof what === "string") {
      const at = text.indexOf(what);
      return at < 0 ? -1 : at + what.length;
    }
    const match = what.exec(text);
    return match === null ? -1 : match.index + match[0].length;
  };
}

export class Wire {
  readonly socket: Duplex;
  /** Resolves when the other end has sent its last byte. */
  readonly ended: Promise<void>;
  /** Resolves when the socket is closed; to why, where an error did it. */
  readonly closed: Promise<string | null>;
  /** Bytes that came, in all. */
  received = 0;
  #unread = "";
  #isOver = false;
  #error: string | null = null;
  #waiting: Waiting | null = null;

  constructor(socket: Duplex) {
    this.socket = socket;
    socket.on("data", (bytes: Buffer) => {
      this.received += bytes.length;
      this.#unread += bytes.toString("latin1");
      this.#look();
    });
    socket.on("error", (error) => {
      this.#error = error.message;
    });
    const over = () => {
      this.#isOver = true;
      this.#look();
    };
    this.ended = new Promise((resolve) =>
      socket.once("end", () => {
        over();
        resolve();
      }),
    );
    this.closed = new Promise((resolve) =>
      socket.once("close", () => {
        over();
        resolve(this.#error);
      }),
    );
  }

  send(bytes: string | Buffer): this {
    this.socket.write(bytes);
    return this;
  }

  /** Resolves when the kernel, or the peer's window, has taken what was sent. */
  async sent(bytes: string | Buffer): Promise<void> {
    if (!this.socket.write(bytes)) await once(this.socket, "drain");
  }

  /** @returns everything up to and with the first match */
  sees(what: string | RegExp): Promise<string> {
    return this.#wait(finder(what), `${what}`);
  }

  /** @returns the next bytes, exactly so many */
  takes(count: number): Promise<string> {
    return this.#wait((text) => (text.length >= count ? count : -1), `${count} bytes`);
  }

  /** What has come and nobody has waited for. */
  get unread(): string {
    return this.#unread;
  }

  /** @returns what is left when the other end has sent its last byte, or the socket is closed */
  async rest(): Promise<string> {
    await this.over;
    const text = this.#unread;
    this.#unread = "";
    return text;
  }

  /** Resolves when the other end says no more, whichever way. */
  get over(): Promise<unknown> {
    return Promise.race([this.ended, this.closed]);
  }

  /** Hangs up when the other end does, as most clients. */
  polite(): this {
    void this.ended.then(() => this.socket.end());
    return this;
  }

  /** Drops what came: for streams that are only counted. */
  forget(): void {
    this.#unread = "";
  }

  end(bytes = ""): this {
    if (bytes === "") this.socket.end();
    else this.socket.end(bytes);
    return this;
  }

  destroy(): void {
    this.socket.destroy();
  }

  #wait(find: Waiting["find"], what: string): Promise<string> {
    return new Promise((resolve, reject) => {
      this.#waiting = { find, what, resolve, reject };
      this.#look();
    });
  }

  #look(): void {
    const waiting = this.#waiting;
    if (waiting === null) return;
    const end = waiting.find(this.#unread);
    if (end >= 0) {
      const text = this.#unread.slice(0, end);
      this.#unread = this.#unread.slice(end);
      this.#waiting = null;
      waiting.resolve(text);
    } else if (this.#isOver) {
      this.#waiting = null;
      const came = JSON.stringify(this.#unread.slice(0, 500));
      waiting.reject(
        new Error(`the connection ended before ${waiting.what}; ${this.#error ?? ""} came: ${came}`),
      );
    }
  }
}

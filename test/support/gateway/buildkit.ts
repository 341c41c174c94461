/** BuildKit through a gateway without buildx: what somebody can do who writes a client of their own. */
import { once } from "node:events";
import http2, { type ClientHttp2Session, type ServerHttp2Session } from "node:http2";
import { request } from "node:https";
import type { Duplex } from "node:stream";
import type { LineKeys } from "./line-on-host.ts";

/** @returns the connection, which speaks HTTP/2 from here on */
async function upgraded(
  keys: LineKeys,
  path: string,
  fields: Record<string, string | string[]> = {},
): Promise<Duplex> {
  const { promise, resolve, reject } = Promise.withResolvers<Duplex>();
  const headers = { Connection: "Upgrade", Upgrade: "h2c", ...fields };
  const asked = request({ ...keys, method: "POST", path, headers, agent: false });
  asked.on("error", reject);
  asked.on("response", ({ statusCode }) => reject(new Error(`${path}: ${statusCode}`)));
  asked.on("upgrade", (_answer, socket, head) => {
    socket.unshift(head);
    resolve(socket);
  });
  asked.end();
  return promise;
}

const FLAG_AND_LENGTH = 5;

function framed(message: Uint8Array): Buffer {
  const head = Buffer.alloc(FLAG_AND_LENGTH);
  head.writeUInt32BE(message.length, 1);
  return Buffer.concat([head, message]);
}

/** Calls of gRPC on one connection. */
export class BuildKit implements Disposable {
  readonly #session: ClientHttp2Session;

  private constructor(session: ClientHttp2Session) {
    this.#session = session;
    session.on("error", () => {});
  }

  static async open(keys: LineKeys): Promise<BuildKit> {
    const socket = await upgraded(keys, "/grpc");
    return new BuildKit(http2.connect("http://docker", { createConnection: () => socket }));
  }

  /**
   * Makes a call with one message.
   * @param buildId of the build that it belongs to
   * @returns its status, a number of gRPC, and the text that goes with it
   */
  async call(
    method: string,
    message: Uint8Array,
    buildId?: string,
  ): Promise<{ status: string; text: string }> {
    const head = {
      ":method": "POST",
      ":path": `/${method}`,
      "content-type": "application/grpc",
      te: "trailers",
      ...(buildId !== undefined && { "buildkit-controlapi-buildid": buildId }),
    };
    const stream = this.#session.request(head);
    let fields: Record<string, unknown> = {};
    for (const event of ["response", "trailers"] as const)
      stream.on(event, (found: Record<string, unknown>) => {
        fields = { ...fields, ...found };
      });
    stream.on("error", () => {});
    stream.resume().end(framed(message));
    if (!stream.closed) await once(stream, "close");
    const text = decodeURIComponent(String(fields["grpc-message"] ?? ""));
    return { status: String(fields["grpc-status"]), text };
  }

  [Symbol.dispose](): void {
    this.#session.destroy();
  }
}

/** `fsutil.types.Packet`: PACKET_REQ, the engine wants a file, whose number follows if it is not the first; PACKET_DATA, its content or its end. */
const WANTED = Buffer.from([8, 1]);
const CONTENT = Buffer.from([8, 2]);
const BYTES_FIELD = 0x22;
/** Of the type PACKET_FIN: both sides end an upload by it. */
const FINISHED = Buffer.from([8, 3]);

/** @param bytes whole messages, each with its flag and length */
function messagesIn(bytes: Buffer): Buffer[] {
  if (bytes.length < FLAG_AND_LENGTH) return [];
  const end = FLAG_AND_LENGTH + bytes.readUInt32BE(1);
  return [bytes.subarray(FLAG_AND_LENGTH, end), ...messagesIn(bytes.subarray(end))];
}

/** What a session serves. */
interface Served {
  /** Messages for each upload, as the client sends them. */
  readonly sent?: readonly Uint8Array[];
  /** The content of a file, up to 127 bytes. */
  readonly file?: string;
  /** With what every other call fails. */
  readonly failure?: Record<string, string>;
}

const CALLS = [
  "/moby.filesync.v1.FileSync/DiffCopy",
  "/moby.buildkit.secrets.v1.Secrets/GetSecret",
  "/grpc.health.v1.Health/Check",
];

/** A session: on its connection, the engine calls the client for the files of a build. It serves what it is given. */
export class BuildSession implements Disposable {
  /** What the engine has called. */
  readonly calls: string[] = [];
  readonly #session: ServerHttp2Session;

  private constructor(socket: Duplex, { sent = [], file = "", failure = { "grpc-status": "12" } }: Served) {
    this.#session = http2.performServerHandshake(socket);
    this.#session.on("error", () => {});
    this.#session.on("stream", (stream, headers) => {
      this.calls.push(headers[":path"] ?? "");
      stream.on("error", () => {});
      const head = { ":status": 200, "content-type": "application/grpc" };
      if (sent.length === 0 || !headers[":path"]?.endsWith("/DiffCopy")) {
        stream.respond({ ...head, ...failure }, { endStream: true });
        return;
      }
      stream.respond(head, { waitForTrailers: true });
      stream.on("wantTrailers", () => stream.sendTrailers({ "grpc-status": "0" }));
      for (const message of sent) stream.write(framed(message));
      stream.on("data", (bytes: Buffer) => {
        for (const wanted of messagesIn(bytes).filter((one) => one.subarray(0, 2).equals(WANTED))) {
          const begin = Buffer.concat([CONTENT, wanted.subarray(WANTED.length)]);
          const content = Buffer.concat([begin, Buffer.from([BYTES_FIELD, file.length]), Buffer.from(file)]);
          stream.write(Buffer.concat([framed(content), framed(begin)]));
        }
        if (bytes.includes(FINISHED)) stream.end(framed(FINISHED));
      });
    });
  }

  static async open(keys: LineKeys, id: string, served: Served = {}): Promise<BuildSession> {
    const prefix = "X-Docker-Expose-Session-";
    return new BuildSession(
      await upgraded(keys, "/session", {
        ...{ [`${prefix}Uuid`]: id, [`${prefix}Name`]: "test", [`${prefix}Sharedkey`]: "" },
        [`${prefix}Grpc-Method`]: CALLS,
      }),
      served,
    );
  }

  [Symbol.dispose](): void {
    this.#session.destroy();
  }
}

/** Asks dockerd, on a separate connection, what a judge needs to know about a container, an exec or an image. */
import type { Socket } from "node:net";
import { json } from "../../base/index.ts";
import { dechunk, type ResponseHead } from "../../http/index.ts";
import type { EngineLookup, FoundContainer, FoundExec } from "../../policy/index.ts";
import type { Memory } from "../admission/memory.ts";
import type { ConnectUpstream } from "../ports.ts";
import { Gatherer } from "../stream/gatherer.ts";
import { AnswerReader } from "./answer-reader.ts";
import { Turn } from "./turn.ts";

/** The answer to an inspect is a few kilobytes plus the container's environment. */
const ANSWER_BYTES = 4 * 1024 * 1024;
/** The engine answers an inspect from memory, but waits while another call changes the container. */
const ANSWER_MS = 30_000;
const STOPPED = "the client's connection has ended";
const ID = /^[0-9a-f]{64}$/;
const IMAGE_ID = /^sha256:[0-9a-f]{64}$/;

/** The fields of the engine's answers that the gateway uses. */
interface Inspected {
  readonly Id?: string;
  readonly ID?: string;
  readonly ContainerID?: string;
  readonly Image?: string;
  readonly Config?: { readonly Labels?: Readonly<Record<string, string>> | null };
}

/** dockerd gave no usable answer. */
export class LookupError extends Error {}

async function answered<T>(ask: () => Promise<T>): Promise<T> {
  try {
    return await ask();
  } catch (error) {
    throw new LookupError((error as Error).message);
  }
}

function idOf(id: string | undefined, pattern = ID): string {
  if (id === undefined || !pattern.test(id)) throw new Error("dockerd's answer has no ID");
  return id;
}

export class DockerLookup implements EngineLookup {
  readonly #connect: ConnectUpstream;
  readonly #memory: Pick<Memory, "gathers" | "wantsTurn">;
  readonly #headBytes: number;
  readonly #sockets = new Set<Socket>();
  #isStopped = false;

  constructor(connect: ConnectUpstream, memory: Pick<Memory, "gathers" | "wantsTurn">, headBytes: number) {
    this.#connect = connect;
    this.#memory = memory;
    this.#headBytes = headBytes;
  }

  inspectContainer(ref: string): Promise<FoundContainer | null> {
    return answered(async () => {
      const found = await this.#inspect("containers", ref);
      if (found === null) return null;
      const { Id, Image, Config } = found;
      return { id: idOf(Id), image: idOf(Image, IMAGE_ID), labels: Config?.Labels ?? {} };
    });
  }

  inspectImage(id: string): Promise<Readonly<Record<string, string>> | null> {
    return answered(async () => {
      const found = await this.#inspect("images", id);
      return found && (found.Config?.Labels ?? {});
    });
  }

  inspectExec(id: string): Promise<FoundExec | null> {
    return answered(async () => {
      const found = await this.#inspect("exec", id);
      return found && { id: idOf(found.ID), containerId: idOf(found.ContainerID) };
    });
  }

  /** Ends all lookups and begins no more: the client's connection is over. */
  stop(): void {
    this.#isStopped = true;
    for (const socket of this.#sockets) socket.destroy(new Error(STOPPED));
  }

  /** @returns null: no such object */
  #inspect(kind: string, ref: string): Promise<Inspected | null> {
    if (this.#isStopped) throw new Error(STOPPED);
    const { promise, resolve, reject } = Promise.withResolvers<Inspected | null>();
    const reader = new AnswerReader({ method: "GET", mayHijack: false, headBytes: this.#headBytes });
    const gatherer = new Gatherer(ANSWER_BYTES, this.#memory);
    const turn = new Turn(this.#memory);
    const go = () => {
      socket.setTimeout(ANSWER_MS);
      socket.resume();
    };
    const socket = this.#connect((bytes) => {
      const state = reader.take(bytes);
      if (state === "bad" || !gatherer.add(reader.passed))
        socket.destroy(new Error("dockerd's answer cannot be read"));
      else if (state === "done" && reader.head !== null) {
        const start = performance.now();
        try {
          resolve(inspected(reader.head, gatherer.take()));
        } catch (error) {
          reject(error);
        }
        turn.end(performance.now() - start);
        socket.destroy();
      } else {
        turn.wantFor(gatherer.length, go);
        if (!turn.isWaiting) return;
        socket.setTimeout(0);
        socket.pause();
      }
    });
    this.#sockets.add(socket);
    socket.setTimeout(ANSWER_MS);
    socket.on("timeout", () => socket.destroy(new Error("dockerd did not answer in time")));
    socket.on("error", reject);
    socket.on("end", () => socket.destroy());
    socket.on("close", () => {
      this.#sockets.delete(socket);
      gatherer.drop();
      turn.end(0);
      reject(new Error("dockerd closed the connection"));
    });
    socket.write(
      `GET /${kind}/${encodeURIComponent(ref)}/json HTTP/1.1\r\nHost: docker\r\nConnection: close\r\n\r\n`,
    );
    return promise;
  }
}

function inspected(head: ResponseHead, all: Buffer): Inspected | null {
  // 400: more than one ID begins with this; 409: the exec's container is not running
  if (head.status === 404 || head.status === 400 || head.status === 409) return null;
  if (head.status !== 200) throw new Error(`dockerd answered ${head.status}`);
  const body = all.subarray(head.length);
  return json.parse((head.chunked ? dechunk(body) : body).toString("utf8")) as Inspected;
}

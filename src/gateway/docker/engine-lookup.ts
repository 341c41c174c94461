/** Asks dockerd, on a separate connection, what a judge needs to know, creates a volume that a container names, and names an image that was built. */
import { json } from "../../base/index.ts";
import { dechunk, type ResponseHead } from "../../http/index.ts";
import type {
  EngineLookup,
  FoundContainer,
  FoundDriver,
  FoundExec,
  FoundImage,
  FoundNetwork,
  Labels,
  VolumeFills,
} from "../../policy/index.ts";
import type { Memory } from "../admission/memory.ts";
import type { AnswerPlace } from "../answers/answer-place.ts";
import type { ConnectUpstream } from "../ports.ts";
import { Gatherer } from "../stream/gatherer.ts";
import { AnswerReader } from "./answer-reader.ts";
import {
  configBytesOf,
  containerOf,
  countOf,
  driverOf,
  execOf,
  hasVolume,
  type Inspected,
  idsOf,
  imageOf,
  labelsOf,
  networkOf,
} from "./inspected.ts";
import { isOf, readPlatform } from "./platform.ts";
import { Shares } from "./shares.ts";
import { Turn } from "./turn.ts";

/** The answer to an inspect is a few kilobytes plus the container's environment. */
const ANSWER_BYTES = 4 * 1024 * 1024;
/** The engine answers an inspect from memory, but waits while another call changes the container. */
const ANSWER_MS = 30_000;
/** Anything else counts as an unknown version. */
const VERSION = /^[\w.+~:-]{1,64}$/;
/** Containers with one volume that were never started. */
const MOST_CREATED = 32;
const STOPPED = "the client's connection has ended";

const UNANSWERED = "it has not answered earlier requests";

/** What an image counts as whose description is larger than ANSWER_BYTES. Nobody's work needs one. */
const LARGE_IMAGE_BYTES = 16 * 1024 * 1024;

/** dockerd gave no usable answer. */
export class LookupError extends Error {}

class TooLarge extends LookupError {}

async function answered<T>(ask: () => Promise<T>): Promise<T> {
  try {
    return await ask();
  } catch (error) {
    throw error instanceof LookupError ? error : new LookupError((error as Error).message);
  }
}

export class DockerLookup implements EngineLookup {
  readonly fills: VolumeFills;
  readonly #connect: ConnectUpstream;
  /** Answers may arrive at the same time. */
  readonly #shares: Shares;
  readonly #headBytes: number;
  readonly #placeFor: () => AnswerPlace;
  /** What ends each lookup that runs. */
  readonly #running = new Set<() => void>();
  #isStopped = false;

  constructor(
    connect: ConnectUpstream,
    memory: Pick<Memory, "gathers" | "wantsTurn">,
    headBytes: number,
    fills: VolumeFills,
    placeFor: () => AnswerPlace,
  ) {
    this.#placeFor = placeFor;
    this.fills = fills;
    this.#connect = connect;
    this.#shares = new Shares(memory);
    this.#headBytes = headBytes;
  }

  inspectContainer(ref: string): Promise<FoundContainer | null> {
    return this.#find(`/containers/${encodeURIComponent(ref)}/json`, containerOf);
  }

  inspectImage(ref: string): Promise<Labels | null> {
    return this.#find(`/images/${encodeURIComponent(ref)}/json`, ({ Config }) => Config?.Labels ?? {});
  }

  findImage(ref: string): Promise<FoundImage | null> {
    return this.#find(`/images/${encodeURIComponent(ref)}/json`, imageOf);
  }

  async imageBytes(ref: string, platform: string): Promise<number> {
    const asked = platform === "" ? null : readPlatform(platform);
    if (asked === null && platform !== "") return LARGE_IMAGE_BYTES;
    const query = asked === null ? "" : `?platform=${encodeURIComponent(JSON.stringify(asked))}`;
    const bytes = (found: Inspected) =>
      // With containerd's store, an image for another platform has another configuration.
      asked === null || isOf(found, asked) ? configBytesOf(found) : LARGE_IMAGE_BYTES;
    try {
      return (await this.#find(`/images/${encodeURIComponent(ref)}/json${query}`, bytes)) ?? 0;
    } catch (error) {
      if (error instanceof TooLarge) return LARGE_IMAGE_BYTES;
      throw error;
    }
  }

  async hasImageWith(label: string): Promise<boolean> {
    const filters = encodeURIComponent(JSON.stringify({ label: { [label]: true } }));
    const found = await this.#find(`/images/json?all=1&filters=${filters}`, countOf);
    return found !== 0;
  }

  inspectExec(id: string): Promise<FoundExec | null> {
    return this.#find(`/exec/${encodeURIComponent(id)}/json`, execOf);
  }

  inspectNetwork(ref: string): Promise<FoundNetwork | null> {
    return this.#find(`/networks/${encodeURIComponent(ref)}`, networkOf);
  }

  version(): Promise<string | null> {
    return this.#find("/version", ({ Version = "" }) => (VERSION.test(Version) ? Version : ""));
  }

  dataFolder(): Promise<string | null> {
    return this.#find("/info", ({ DockerRootDir = "" }) => DockerRootDir);
  }

  inspectVolume(name: string): Promise<Labels | null> {
    return this.#find(`/volumes/${encodeURIComponent(name)}`, labelsOf);
  }

  async hasContainerWith(volume: string): Promise<boolean> {
    const filters = encodeURIComponent(JSON.stringify({ volume: { [volume]: true } }));
    const found = await this.#find(`/containers/json?all=1&limit=1&filters=${filters}`, countOf);
    return found !== 0;
  }

  async isUnused(volume: string): Promise<boolean> {
    const filters = encodeURIComponent(
      JSON.stringify({ dangling: { true: true }, name: { [volume]: true } }),
    );
    return (await this.#find(`/volumes?filters=${filters}`, (found) => hasVolume(found, volume))) ?? false;
  }

  async hasHalfMadeContainerWith(volume: string): Promise<boolean> {
    const filters = { volume: { [volume]: true }, status: { created: true } };
    const query = `all=1&filters=${encodeURIComponent(JSON.stringify(filters))}`;
    const ids = (await this.#find(`/containers/json?${query}`, idsOf)) ?? [];
    // With that many, the start has to wait until some of them are gone.
    if (ids.length > MOST_CREATED) return true;
    const found = await Promise.all(ids.map((id) => this.inspectContainer(id)));
    return found.includes(null);
  }

  inspectDriver(name: string): Promise<FoundDriver | null> {
    return this.#find(`/volumes/${encodeURIComponent(name)}`, driverOf);
  }

  createVolume(Name: string, Labels: Labels): Promise<Labels | null> {
    return answered(async () => {
      const body = JSON.stringify({ Name, Driver: "local", Labels });
      const made = await this.#ask("POST", "/volumes/create", body);
      return made && labelsOf(made);
    });
  }

  tagImage(id: string, repo: string, tag: string): Promise<boolean> {
    const query = new URLSearchParams({ repo, tag });
    return answered(
      async () => (await this.#ask("POST", `/images/${encodeURIComponent(id)}/tag?${query}`)) !== null,
    );
  }

  removeContainer(id: string): Promise<boolean> {
    return answered(
      async () => (await this.#ask("DELETE", `/containers/${encodeURIComponent(id)}?v=1`)) !== null,
    );
  }

  /** Ends all lookups and begins no more: the client's connection is over. */
  stop(): void {
    this.#isStopped = true;
    for (const stop of this.#running) stop();
  }

  #find<T>(path: string, read: (found: Inspected) => T): Promise<T | null> {
    return answered(async () => {
      const found = await this.#ask("GET", path);
      return found && read(found);
    });
  }

  /** Asks in its turn. @returns null: no such object, or dockerd does not accept it */
  async #ask(method: string, path: string, body = ""): Promise<Inspected | null> {
    if (this.#isStopped) throw new Error(STOPPED);
    const place = this.#placeFor();
    const stop = () => {
      place.over();
      place.decided(false);
    };
    this.#running.add(stop);
    try {
      const mayBegin = place.mayBegin();
      if (mayBegin !== true && !(await mayBegin)) throw new Error(UNANSWERED);
    } finally {
      this.#running.delete(stop);
    }
    return this.#askNow(requestText(method, path, body), method, place);
  }

  #askNow(request: string, method: string, place: AnswerPlace): Promise<Inspected | null> {
    const { promise, resolve, reject } = Promise.withResolvers<Inspected | null>();
    const reader = new AnswerReader({ method, mayHijack: false, headBytes: this.#headBytes });
    const memory = this.#shares.share();
    const gatherer = new Gatherer(ANSWER_BYTES, memory);
    const turn = new Turn(memory);
    let isStopped = false;
    const go = () => {
      socket.setTimeout(ANSWER_MS);
      socket.resume();
    };
    const socket = this.#connect((bytes) => {
      if (isStopped) return;
      const state = reader.take(bytes);
      if (state === "bad") socket.destroy(new Error("dockerd's answer cannot be read"));
      else if (!gatherer.add(reader.passed)) socket.destroy(new TooLarge("dockerd's answer is too large"));
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
    // dockerd goes on preparing the answer, which counts until then
    const stop = () => {
      isStopped = true;
      reject(new Error(STOPPED));
      gatherer.drop();
      turn.end(0);
      go();
      socket.end();
    };
    this.#running.add(stop);
    place.sent(() => socket.destroy(new Error(UNANSWERED)));
    socket.setTimeout(ANSWER_MS);
    socket.on("timeout", () => socket.destroy(new Error("dockerd did not answer in time")));
    socket.on("error", reject);
    socket.on("end", () => socket.destroy());
    socket.on("close", () => {
      this.#running.delete(stop);
      place.done();
      gatherer.drop();
      turn.end(0);
      reject(new Error("dockerd closed the connection"));
    });
    socket.write(request);
    return promise;
  }
}

function requestText(method: string, path: string, body: string): string {
  const fields =
    body === "" ? "" : `Content-Type: application/json\r\nContent-Length: ${Buffer.byteLength(body)}\r\n`;
  return `${method} ${path} HTTP/1.1\r\nHost: docker\r\n${fields}Connection: close\r\n\r\n${body}`;
}

/** More than one ID begins with what was asked for. Engine 20.10 says so of containers with the status 500. */
const AMBIGUOUS = /^\{"message":"Multiple IDs found with provided prefix: /;

function inspected(head: ResponseHead, all: Buffer): Inspected | null {
  // 400: more than one ID begins with this, or an invalid name; 409: the exec's container is not running, or a name is taken
  if (head.status === 404 || head.status === 400 || head.status === 409) return null;
  const body = all.subarray(head.length);
  if (head.status === 500 && AMBIGUOUS.test(body.toString("latin1"))) return null;
  if (![200, 201, 204].includes(head.status)) throw new Error(`dockerd answered ${head.status}`);
  // a name that was given has no description, and what was removed has none
  if (body.length === 0 && head.status !== 200) return {};
  return json.parse((head.chunked ? dechunk(body) : body).toString("utf8")) as Inspected;
}

/**
 * gRPC on an upgraded connection (ADR 0023): HTTP/2 ends here on both sides. Each call is a stream that is judged by its
 * method and its message, and dockerd gets it as it was judged.
 */
import http2, {
  type ClientHttp2Session,
  type IncomingHttpHeaders,
  type ServerHttp2Session,
  type ServerHttp2Stream,
} from "node:http2";
import { OneAtATime } from "../../base/index.ts";
import type { Calls } from "../../policy/index.ts";
import { DockerLookup } from "../docker/engine-lookup.ts";
import { Shares } from "../docker/shares.ts";
import { ByteEnd } from "./byte-end.ts";
import { GrpcCall } from "./grpc-call.ts";
import { KeptCalls } from "./kept-calls.ts";
import { refuse, STATUS } from "./status.ts";
import type { Tunnel, TunnelEnds, TunnelParts } from "./tunnel.ts";

/** With what judges the calls. */
type Parts = TunnelParts & { readonly calls: Calls };

const OPTIONS = {
  settings: { maxConcurrentStreams: 128, maxHeaderListSize: 16 * 1024, enablePush: false },
  maxSessionInvalidFrames: 10,
  maxSessionRejectedStreams: 10,
  /** Megabytes. */
  maxSessionMemory: 4,
};

/** `/PACKAGE.SERVICE/METHOD`, nothing else: no query, no escapes. */
const PATH = /^\/([a-z][\w.]{0,80}\.[A-Z]\w{0,40}\/[A-Z]\w{0,40})$/;
const GRPC = /^application\/grpc(?:\+proto)?$/;

/** Large messages that a connection may have under way. */
const LARGE_AT_ONCE = 2;

function methodOf(headers: IncomingHttpHeaders): string {
  const isGrpc = headers[":method"] === "POST" && GRPC.test(headers["content-type"] ?? "");
  return (isGrpc && PATH.exec(headers[":path"] ?? "")?.[1]) || "";
}

export class GrpcTunnel implements Tunnel {
  readonly #parts: Parts;
  readonly #ends: TunnelEnds;
  readonly #client: ByteEnd;
  readonly #docker: ByteEnd;
  readonly #server: ServerHttp2Session;
  readonly #engine: ClientHttp2Session;
  readonly #running = new Set<GrpcCall>();
  readonly #shares: Shares;
  /**
   * One judge at a time: each may ask the engine many things, and with all streams at once a client would ask a hundred times
   * as many as with other requests.
   */
  readonly #judges = new OneAtATime();
  readonly #kept: KeptCalls;
  #isOver = false;

  constructor(parts: Parts, ends: TunnelEnds) {
    this.#parts = parts;
    this.#ends = ends;
    this.#shares = new Shares(parts.memory);
    const { context, caller } = parts;
    this.#kept = new KeptCalls({
      spend: (bytes) => context.kept.spend(caller.owner, context.coarseNow, bytes),
      giveBack: (bytes) => context.kept.giveBack(caller.owner, bytes),
    });
    this.#client = new ByteEnd({
      write: (bytes) => ends.toClient(bytes),
      wanted: (more) => ends.clientWanted(more),
    });
    this.#docker = new ByteEnd({
      write: (bytes) => ends.toDocker(bytes),
      wanted: (more) => ends.dockerWanted(more),
    });
    for (const end of [this.#client, this.#docker]) end.on("error", () => this.#over());
    // at once: dockerd closes a connection on which it gets no HTTP/2 for ten seconds
    this.#engine = http2.connect("http://docker", {
      createConnection: () => this.#docker,
      settings: { enablePush: false, maxHeaderListSize: 64 * 1024 },
      maxSessionMemory: OPTIONS.maxSessionMemory,
    });
    this.#server = http2.performServerHandshake(this.#client, OPTIONS);
    this.#server.on("stream", (stream, headers) => this.#begin(stream, headers));
    for (const session of [this.#server, this.#engine]) {
      session.on("error", () => this.#over());
      session.on("close", () => this.#over());
    }
  }

  fromClient(bytes: Buffer): void {
    this.#client.arrived(bytes);
  }

  fromDocker(bytes: Buffer): void {
    this.#docker.arrived(bytes);
  }

  clientDrained(): void {
    this.#client.drained();
  }

  dockerDrained(): void {
    this.#docker.drained();
  }

  clientEnded(): void {
    this.#client.push(null);
  }

  dockerEnded(): void {
    this.#docker.push(null);
  }

  destroy(): void {
    if (this.#isOver) return;
    this.#isOver = true;
    for (const call of this.#running) call.stop();
    this.#kept.over();
    this.#server.destroy();
    this.#engine.destroy();
    this.#client.destroy();
    this.#docker.destroy();
  }

  #over(): void {
    if (this.#isOver) return;
    this.destroy();
    this.#ends.over();
  }

  #begin(stream: ServerHttp2Stream, headers: IncomingHttpHeaders): void {
    const { context, caller, calls, exchanges } = this.#parts;
    const method = methodOf(headers);
    if (calls.isOptional(method)) {
      stream.on("error", () => {});
      refuse(stream, STATUS.unimplemented, "tetherdock: the gateway does not serve this call");
      return;
    }
    const target = headers[":path"] ?? "";
    const kind = calls.kindOf(method);
    const begins = kind === "begins";
    const grpc = method === "" ? null : { method, writes: begins };
    const exchange = exchanges.beginCall({ method: headers[":method"] ?? "", target, call: null, grpc });
    const memory = this.#shares.share();
    const kept = this.#kept.begin(begins);
    const call = new GrpcCall(stream, headers, {
      ...{ method, exchange, memory, calls, mayKeep: kept.mayKeep },
      place: context.answers.placeForBuild(caller.owner, kind),
      alone: (work) => this.#judges.run(work),
      lookup: new DockerLookup(
        context.connect,
        this.#shares.share(),
        context.limits.headBytes,
        context.fills.ofRequest(),
        () => context.answers.placeForLookup(caller.owner),
      ),
      engine: this.#engine,
      hasRoom: () => this.#shares.bytes <= LARGE_AT_ONCE * calls.maxBytes,
      refused: () => {
        if (!context.mayRefuse(caller)) this.#over();
      },
      over: () => {
        kept.over();
        this.#running.delete(call);
      },
    });
    this.#running.add(call);
  }
}

/**
 * A prototype, not part of the product: HTTP/2 for BuildKit, as described in ADR 0018. ALPN selects `h2` for clients
 * that offer nothing else, like gRPC's; all others stay with HTTP/1.1. Each stream is judged by its head before the
 * engine gets it, and rewritten from what was judged.
 */
import http2, {
  type ClientHttp2Session,
  type Http2Server,
  type IncomingHttpHeaders,
  type ServerHttp2Session,
  type ServerHttp2Stream,
} from "node:http2";
import { connect } from "node:net";
import { createServer, type Server, type TLSSocket, type TlsOptions } from "node:tls";

/** The services that BuildKit's clients call on an engine, each with its methods. */
const PATH =
  /^\/(?:moby\.buildkit\.v1\.(?:Control|frontend\.LLBBridge)|grpc\.health\.v1\.Health|moby\.buildkit\.secrets\.v1\.Secrets)\/[A-Z][A-Za-z]{1,40}$/;

/** gRPC's own fields, and those that BuildKit adds. Other fields are not forwarded. */
const FIELDS: ReadonlySet<string> = new Set([
  ...["content-type", "te", "user-agent", "grpc-timeout", "grpc-encoding", "grpc-accept-encoding"],
  ...["x-docker-expose-session-uuid", "x-docker-expose-session-name", "x-docker-expose-session-sharedkey"],
  ...["x-docker-expose-session-grpc-method", "buildkit-controlapi-buildid", "traceparent", "tracestate"],
]);

/** https://grpc.io/docs/guides/status-codes: permission denied, unimplemented, unavailable. */
const DENIED = "7";
const UNIMPLEMENTED = "12";
const UNAVAILABLE = "14";

export interface Judgement {
  readonly allow: boolean;
  readonly status: string;
  readonly text: string;
}

/** @param mayTunnel whether the client's role may build at all, which means root */
export function judge(headers: IncomingHttpHeaders, mayTunnel: boolean): Judgement {
  if (!mayTunnel) return { allow: false, status: DENIED, text: "the role may not build" };
  const grpc = headers["content-type"]?.startsWith("application/grpc") && headers[":method"] === "POST";
  const known = grpc && PATH.test(headers[":path"] ?? "");
  if (!known) return { allow: false, status: UNIMPLEMENTED, text: "not a call that BuildKit's clients make" };
  return { allow: true, status: "", text: "" };
}

function passedHeaders(headers: IncomingHttpHeaders): Record<string, string | string[] | undefined> {
  const kept = Object.entries(headers).filter(([name]) => FIELDS.has(name));
  return {
    ":method": "POST",
    ":path": headers[":path"],
    ":scheme": "http",
    ":authority": "docker",
    ...Object.fromEntries(kept),
  };
}

/** An answer without a message, in gRPC's form: the status is in the head. */
function refuse(stream: ServerHttp2Stream, status: string, text: string): void {
  const head = { ":status": 200, "content-type": "application/grpc", "grpc-status": status };
  stream.respond({ ...head, "grpc-message": encodeURIComponent(text) }, { endStream: true });
  stream.resume();
}

/** Connects one stream to the engine's, with its trailers and resets from either side. */
function forward(stream: ServerHttp2Stream, headers: IncomingHttpHeaders, engine: ClientHttp2Session): void {
  const call = engine.request(passedHeaders(headers), { endStream: false });
  let trailers: IncomingHttpHeaders = {};
  call.on("response", (answer) => {
    if (stream.destroyed || stream.headersSent) return;
    const endStream = answer["grpc-status"] !== undefined;
    stream.respond(answer, endStream ? { endStream } : { waitForTrailers: true });
    if (!endStream) call.pipe(stream);
  });
  call.on("trailers", (fields) => {
    trailers = fields;
  });
  stream.on("wantTrailers", () => stream.sendTrailers(trailers));
  call.on("error", () => {
    if (!stream.destroyed && !stream.headersSent) refuse(stream, UNAVAILABLE, "the engine did not answer");
    else stream.close(http2.constants.NGHTTP2_INTERNAL_ERROR);
  });
  stream.on("error", () => call.close(http2.constants.NGHTTP2_CANCEL));
  stream.on("aborted", () => call.close(http2.constants.NGHTTP2_CANCEL));
  call.on("aborted", () => stream.close(call.rstCode || http2.constants.NGHTTP2_CANCEL));
  stream.pipe(call);
}

const SETTINGS = { maxConcurrentStreams: 128, maxHeaderListSize: 16 * 1024, enablePush: false };

/** Each client connection has its own connection to the engine, as with HTTP/1.1. */
function dialEngine(socketPath: string, session: ServerHttp2Session): ClientHttp2Session {
  const engine = http2.connect("http://docker", { createConnection: () => connect(socketPath) });
  engine.on("error", () => session.destroy());
  engine.on("close", () => session.destroy());
  session.on("close", () => engine.destroy());
  return engine;
}

function h2Server(socketPath: string, mayTunnel: (socket: TLSSocket) => boolean): Http2Server {
  const server = http2.createServer({ settings: SETTINGS, maxSessionInvalidFrames: 10, maxSessionMemory: 4 });
  server.on("session", (session) => {
    let engine: ClientHttp2Session | null = null;
    const allowed = mayTunnel(session.socket as TLSSocket);
    session.on("stream", (stream: ServerHttp2Stream, headers: IncomingHttpHeaders) => {
      const { allow, status, text } = judge(headers, allowed);
      if (!allow) return refuse(stream, status, text);
      engine ??= dialEngine(socketPath, session);
      forward(stream, headers, engine);
    });
    session.on("error", () => session.destroy());
  });
  return server;
}

/**
 * Selects it only for clients that offer `h2` alone: gRPC's clients do; curl and browsers offer both and stay with
 * HTTP/1.1.
 */
export function chooseProtocol({ protocols }: { readonly protocols: readonly string[] }): string | undefined {
  if (protocols.includes("http/1.1")) return "http/1.1";
  return protocols.includes("h2") ? "h2" : undefined;
}

/**
 * @param mayTunnel called after the handshake: ALPN is chosen before the client shows its certificate
 * @param http1 takes connections as today
 */
export function startGateway(
  options: TlsOptions,
  socketPath: string,
  mayTunnel: (socket: TLSSocket) => boolean,
  http1: (socket: TLSSocket) => void,
): Server {
  const h2 = h2Server(socketPath, mayTunnel);
  const tls = { ...options, requestCert: true, rejectUnauthorized: true, ALPNCallback: chooseProtocol };
  return createServer(tls, (socket) => {
    socket.on("error", () => socket.destroy());
    if (socket.alpnProtocol === "h2") h2.emit("connection", socket);
    else http1(socket);
  });
}

/**
 * Damaged HTTP/2 after an upgrade, for a build's calls and for its session, and engines that hang up in between: the gateway goes on,
 * and the next build is served. Another sample every day; `TETHERDOCK_FUZZ_SECONDS=900` takes longer.
 */
import http2 from "node:http2";
import { Duplex } from "node:stream";
import { beforeAll, expect, test, vi } from "vitest";
import { ByteEnd } from "../../src/gateway/grpc/byte-end.ts";
import type { Calls } from "../../src/policy/index.ts";
import { Random } from "../support/random.ts";
import { seed } from "../support/sample.ts";
import { damaged } from "./support/damage.ts";
import { judgingTests } from "./support/judging.ts";
import type { Wire } from "./support/wire.ts";

const { make } = judgingTests();
const seconds = Number(process.env["TETHERDOCK_FUZZ_SECONDS"] ?? 0);
const ROUNDS = 150;
const AT_ONCE = 8;
const UPGRADE =
  "POST /v1.41/exec/x/start HTTP/1.1\r\nHost: docker\r\nConnection: Upgrade\r\nUpgrade: h2c\r\n\r\n";
const UPGRADED = "HTTP/1.1 101 UPGRADED\r\nConnection: Upgrade\r\nUpgrade: h2c\r\n\r\n";

const framed = (text: string): Buffer => {
  const head = Buffer.alloc(5);
  head.writeUInt32BE(Buffer.byteLength(text), 1);
  return Buffer.concat([head, Buffer.from(text)]);
};

/** What Node's client sends for some calls, before any answer. */
async function recorded(): Promise<string> {
  const pieces: Buffer[] = [];
  const wire = new Duplex({
    read() {},
    write(bytes: Buffer, _, done) {
      pieces.push(Buffer.from(bytes));
      done();
    },
  });
  const session = http2.connect("http://docker", { createConnection: () => wire });
  session.on("error", () => {});
  for (const path of [
    "/moby.buildkit.v1.Control/Solve",
    "/moby.buildkit.v1.Control/Status",
    "/x.Y/Export",
    "/x",
  ]) {
    const head = { ":method": "POST", ":path": path, "content-type": "application/grpc", te: "trailers" };
    const stream = session.request({ ...head, "buildkit-controlapi-buildid": "b1", "grpc-timeout": "10S" });
    stream.on("error", () => {});
    stream.write(framed(path.length % 2 === 0 ? "ok" : "no"));
    stream.end();
  }
  const text = () => Buffer.concat(pieces).toString("latin1");
  await vi.waitFor(() => expect(text().split("\0\0\0\x02").length).toBeGreaterThan(4));
  session.destroy();
  return text();
}

/** An engine that answers each call, with trailers. */
function engine(random: Random, wire: Wire): void {
  const stream = new ByteEnd({
    write: (bytes) => wire.socket.writable && wire.socket.write(bytes) !== null,
    wanted: () => {},
  });
  stream.on("error", () => {});
  const { socket } = wire;
  socket.removeAllListeners("data").on("data", (bytes: Buffer) => stream.arrived(bytes));
  if (wire.unread !== "") stream.arrived(Buffer.from(wire.unread, "latin1"));
  socket.on("close", () => stream.destroy());
  const server = http2.performServerHandshake(stream);
  server.on("error", () => {});
  server.on("stream", (call) => {
    call.on("error", () => {});
    const way = random.below(8);
    if (way === 0) wire.destroy();
    else if (way === 1) call.close(http2.constants.NGHTTP2_INTERNAL_ERROR);
    else if (way === 2) call.respond({ ":status": 200, "grpc-status": "5" }, { endStream: true });
    else {
      call.respond({ ":status": 200, "content-type": "application/grpc" }, { waitForTrailers: true });
      call.on("wantTrailers", () => call.sendTrailers({ "grpc-status": "0" }));
      call.resume().end(framed("answer".repeat(way === 3 ? 100_000 : 1)));
      if (way === 4) setImmediate(() => wire.destroy());
      if (way === 5) setImmediate(() => server.goaway());
    }
  });
}

const calls: Calls = {
  maxBytes: 1024,
  async judge({ message }) {
    const text = Buffer.from(message).toString();
    if (text !== "ok") return { allow: false, rule: "test:word", reason: `not ${text}` };
    const finish = async (answer: Uint8Array) => answer;
    return {
      allow: true,
      rule: "test",
      call: { message, buildId: null, ...(Math.random() < 0.5 && { finish }) },
    };
  },
  kindOf: () => "begins",
  isOptional: (method) => method.endsWith("/Export"),
};

const sent = {
  rule: "test:files",
  answerTo: () => ({
    ...{
      held: 0,
      contentOf: (start: Uint8Array) => (start[0] === 0x6f ? { id: 1, bytes: 1 } : null),
      refusesContent: () => null,
      failure: () => null,
    },
    refuses: (message: Uint8Array) => (Buffer.from(message).includes("device") ? "it has a device" : null),
  }),
  refusesField: () => null,
};

/** The engine begins a session, and makes calls. */
const CALLS = Buffer.concat([
  Buffer.from("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"),
  ...Array.from({ length: 16 }, (_, at) => Buffer.from([0, 0, 0, 1, 4, 0, 0, 0, 2 * at + 1])),
]);

let bytes = "";
beforeAll(async () => {
  bytes = await recorded();
});

test.each(["calls", "session"] as const)("%s", { timeout: 60_000 + seconds * 1000 }, async (what) => {
  const kept = what === "calls" ? { calls } : { sent };
  const gateway = await make(
    async (body: Buffer) => ({ allow: true, rule: "test", answer: null, body, ...kept }) as const,
  );
  let count = 0;
  const next = () => new Random(`${seed} ${what} ${count++}`);
  gateway.docker.behave((wire) => {
    const random = new Random(`${seed} engine ${count}`);
    wire.socket.on("error", () => {});
    void wire.sees("\r\n\r\n").then(
      () => {
        wire.send(UPGRADED);
        if (what === "calls") engine(random, wire);
        else if (random.chance(20)) wire.destroy();
        else wire.send(CALLS);
      },
      () => {},
    );
  });
  const round = async (random: Random) => {
    const wire = await gateway.connect();
    await wire.send(UPGRADE).sees("\r\n\r\n");
    for (const piece of damaged(random, bytes)) {
      wire.send(piece);
      if (random.chance(30)) await new Promise(setImmediate);
    }
    // What is not whole waits for more, until the client ends.
    if (random.chance(70)) await wire.end().over;
    wire.destroy();
    await wire.closed;
  };
  const until = performance.now() + (seconds * 1000) / 2;
  const one = async () => {
    while (count < ROUNDS || performance.now() < until) await round(next());
  };
  await Promise.all(Array.from({ length: AT_ONCE }, one));
  const wire = await gateway.connect();
  await wire.send("GET /_ping HTTP/1.1\r\nHost: d\r\nConnection: close\r\n\r\n").sees(/./);
  wire.destroy();
  await wire.closed;
});

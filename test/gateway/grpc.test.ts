/** gRPC on an upgraded connection, judged call by call: HTTP/2 on both sides of the gateway, with an engine that echoes. */
import { once } from "node:events";
import http2, { type ClientHttp2Session, type ServerHttp2Stream } from "node:http2";
import { setImmediate as nextTurn } from "node:timers/promises";
import { describe, expect, test } from "vitest";
import { ByteEnd } from "../../src/gateway/grpc/byte-end.ts";
import type { Calls, Deny, GrpcCall } from "../../src/policy/index.ts";
import { judgingTests } from "./support/judging.ts";
import type { Wire } from "./support/wire.ts";

const { make } = judgingTests();
const UPGRADE =
  "POST /v1.41/exec/x/start HTTP/1.1\r\nHost: docker\r\nConnection: Upgrade\r\nUpgrade: h2c\r\n\r\n";
const UPGRADED = "HTTP/1.1 101 UPGRADED\r\nConnection: Upgrade\r\nUpgrade: h2c\r\n\r\n";
const MAX_BYTES = 1024;

const framed = (text: string, flag = 0): Buffer => {
  const head = Buffer.alloc(5);
  head[0] = flag;
  head.writeUInt32BE(Buffer.byteLength(text), 1);
  return Buffer.concat([head, Buffer.from(text)]);
};

/** Judges at work on `ok, counted`, now and at most. */
const counted = { now: 0, most: 0 };

/** What is left to do after `ok, finish…`. */
async function finish(method: string, answer: Uint8Array): Promise<Uint8Array | Deny> {
  finished.push(Buffer.from(answer).toString());
  const text = finished.at(-1) ?? "";
  if (text.endsWith("late")) await held.promise;
  if (text.endsWith("throws")) throw new Error("a fault");
  if (text.endsWith("denied"))
    return { allow: false, rule: "test-call:end", reason: `${method} failed after all` };
  return Buffer.from(`finished ${text}`);
}
/** What the engine has answered to calls that are finished. */
const finished: string[] = [];
let held = Promise.withResolvers<void>();

/** Passes `ok…`, with `judged ` before it; refuses everything else. */
const judge = async ({ method, message, buildId }: GrpcCall): ReturnType<Calls["judge"]> => {
  const text = Buffer.from(message).toString();
  if (text === "throws") throw new Error("a fault in the judge");
  if (text.startsWith("ok, waits")) await held.promise;
  if (text === "ok, counted") {
    counted.most = Math.max(counted.most, ++counted.now);
    for (let turn = 0; turn < 10; turn++) await nextTurn();
    counted.now--;
  }
  return text.startsWith("ok")
    ? {
        allow: true,
        rule: "test-call",
        call: {
          message: Buffer.from(`judged ${text}`),
          buildId: buildId && `own-${buildId}`,
          ...(text.startsWith("ok, finish") && { finish: (answer: Uint8Array) => finish(method, answer) }),
        },
      }
    : { allow: false, rule: "test-call:word", reason: `${method} may only say ok, not ${text}` };
};

interface Opened {
  readonly session: ClientHttp2Session;
  readonly wire: Wire;
  /** Heads and bodies of calls that the engine has. */
  readonly asked: {
    readonly path: string;
    readonly buildId: unknown;
    readonly fields: string[];
    body: string;
  }[];
  readonly gateway: Awaited<ReturnType<typeof make>>;
}

/** @returns the wire's bytes from here on, as a stream */
function streamOf(wire: Wire): ByteEnd {
  const { socket } = wire;
  const stream = new ByteEnd({ write: (bytes) => void socket.write(bytes) === undefined, wanted: () => {} });
  socket.removeAllListeners("data").on("data", (bytes: Buffer) => stream.arrived(bytes));
  if (wire.unread !== "") stream.arrived(Buffer.from(wire.unread, "latin1"));
  socket.on("end", () => stream.push(null));
  socket.on("close", () => stream.destroy());
  return stream;
}

/** Answers each call with its own body, so many times. */
function engine(wire: Wire, asked: Opened["asked"], times: number): void {
  const server = http2.performServerHandshake(streamOf(wire));
  server.on("error", () => {});
  server.on("stream", (stream: ServerHttp2Stream, headers) => {
    const entry = {
      path: headers[":path"] ?? "",
      buildId: headers["buildkit-controlapi-buildid"],
      fields: Object.keys(headers).filter((name) => !name.startsWith(":")),
      body: "",
    };
    asked.push(entry);
    stream.on("error", () => {});
    stream.on("data", (bytes: Buffer) => {
      entry.body += bytes.subarray(5).toString();
    });
    stream.on("end", () => {
      if (entry.body.endsWith("fails")) {
        const head = {
          ":status": 200,
          "content-type": "application/grpc",
          "grpc-status": "5",
          "x-why": "none",
        };
        stream.respond(head, { endStream: true });
        return;
      }
      if (entry.body.endsWith("breaks")) return stream.close(http2.constants.NGHTTP2_INTERNAL_ERROR);
      if (entry.body.endsWith("huge")) entry.body += "x".repeat(5 * 1024 * 1024);
      stream.respond({ ":status": 200, "content-type": "application/grpc" }, { waitForTrailers: true });
      stream.on("wantTrailers", () => stream.sendTrailers({ "grpc-status": "0", "x-end": "yes" }));
      for (let time = 0; time < times; time++) stream.write(framed(entry.body));
      if (entry.body !== "judged ok, for ever") stream.end();
    });
  });
}

async function open(times = 1, limits = {}): Promise<Opened> {
  const calls: Calls = {
    ...{ maxBytes: MAX_BYTES, judge },
    kindOf: (method) =>
      method.endsWith("/Solve") ? "begins" : method.endsWith("/Status") ? "follows" : "asks",
    isOptional: (method) => method.endsWith("/Export"),
  };
  const fields = [
    ["Connection", "Upgrade"],
    ["Upgrade", "h2c"],
  ] as const;
  const verdict = async (body: Buffer) =>
    ({ allow: true, rule: "test", answer: null, body, fields, calls }) as const;
  const gateway = await make(verdict, limits);
  const asked: Opened["asked"] = [];
  gateway.docker.behave((wire) => {
    void wire.sees("\r\n\r\n").then((head) => {
      asked.push({ path: head, buildId: undefined, fields: [], body: "" });
      engine(wire, asked, times);
      wire.send(UPGRADED);
    });
  });
  const wire = await gateway.connect();
  await wire
    .send(UPGRADE.replace("\r\n\r\n", "\r\nHTTP2-Settings: AAMAAABk\r\nX-Other: 1\r\n\r\n"))
    .sees("\r\n\r\n");
  const session = http2.connect("http://docker", { createConnection: () => streamOf(wire) });
  session.on("error", () => {});
  return { session, wire, asked, gateway };
}

interface Answer {
  readonly status: string;
  readonly message: string;
  readonly body: string;
  readonly bytes: number;
  readonly fields: Record<string, unknown>;
}

async function call(
  session: ClientHttp2Session,
  path: string,
  pieces: readonly Buffer[],
  headers: Record<string, string> = {},
): Promise<Answer> {
  const stream = session.request({
    ...{ ":method": "POST", ":path": path, "content-type": "application/grpc", te: "trailers" },
    ...headers,
  });
  let fields: Record<string, unknown> = {};
  const parts: Buffer[] = [];
  for (const event of ["response", "trailers"] as const)
    stream.on(event, (found: Record<string, unknown>) => {
      fields = { ...fields, ...found };
    });
  stream.on("data", (bytes: Buffer) => parts.push(bytes));
  stream.on("error", () => {});
  for (const piece of pieces) if (!stream.destroyed) stream.write(piece);
  stream.end();
  if (!stream.closed) await once(stream, "close");
  const all = Buffer.concat(parts);
  return {
    status: String(fields["grpc-status"]),
    message: decodeURIComponent(String(fields["grpc-message"] ?? "")),
    body: all.subarray(5).toString(),
    bytes: all.length,
    fields,
  };
}

const SOLVE = "/moby.buildkit.v1.Control/Solve";

test("a call passes as it was judged, with its trailers; the engine gets a new head", async () => {
  const { session, asked } = await open();
  const headers = {
    "buildkit-controlapi-buildid": "b1",
    "x-other": "1",
    "user-agent": "test",
    traceparent: "x",
  };
  expect(await call(session, SOLVE, [framed("ok")], headers)).toMatchObject({
    status: "0",
    body: "judged ok",
  });
  const [upgrade, solve] = asked;
  expect(upgrade?.path).toBe(
    "POST /v1.41/exec/x/start HTTP/1.1\r\nHost: docker\r\nConnection: Upgrade\r\nUpgrade: h2c\r\nContent-Length: 0\r\n\r\n",
  );
  expect(solve).toMatchObject({ path: SOLVE, buildId: "own-b1", body: "judged ok" });
  expect(solve?.fields.toSorted()).toEqual([
    ...["buildkit-controlapi-buildid", "content-type", "te", "user-agent"],
  ]);
});

test("a message in many pieces is judged whole, and several calls run at a time", async () => {
  const { session } = await open();
  const bytes = [...framed("ok, in pieces")].map((byte) => Buffer.from([byte]));
  const all = await Promise.all(Array.from({ length: 20 }, () => call(session, SOLVE, bytes)));
  expect(new Set(all.map(({ body }) => body))).toEqual(new Set(["judged ok, in pieces"]));
});

test("a refused call is answered with permission denied, and the others go on", async () => {
  const { session, asked } = await open();
  expect(await call(session, SOLVE, [framed("no")])).toMatchObject({
    status: "7",
    message: "tetherdock: moby.buildkit.v1.Control/Solve may only say ok, not no",
  });
  expect(await call(session, SOLVE, [framed("ok")])).toMatchObject({ status: "0" });
  expect(asked.map(({ body }) => body)).toEqual(["", "judged ok"]);
});

test.each([
  ["a compressed message", SOLVE, [framed("ok", 1)], {}, "3"],
  ["two messages", SOLVE, [framed("ok"), framed("ok")], {}, "3"],
  ["half a message", SOLVE, [framed("ok").subarray(0, 6)], {}, "3"],
  ["no message", SOLVE, [], {}, "3"],
  ["a large message", SOLVE, [framed("ok".repeat(MAX_BYTES))], {}, "8"],
  ["a path with a query", `${SOLVE}?x`, [framed("ok")], {}, "12"],
  ["a path with an escape", "/moby.buildkit.v1.Control/%53olve", [framed("ok")], {}, "12"],
  ["an operation of the Engine API", "/v1.41/containers/create", [framed("ok")], {}, "12"],
  ["another type", SOLVE, [framed("ok")], { "content-type": "application/json" }, "12"],
  ["another method", SOLVE, [framed("ok")], { ":method": "PUT" }, "12"],
  ["a judge that fails", SOLVE, [framed("throws")], {}, "13"],
])("the engine does not get %s", async (_what, path, pieces, headers, status) => {
  const { session, asked } = await open();
  expect(await call(session, path, pieces, headers)).toMatchObject({ status });
  expect(await call(session, SOLVE, [framed("ok")])).toMatchObject({ status: "0" });
  expect(asked.map(({ body }) => body)).toEqual(["", "judged ok"]);
});

test("a long answer passes whole, also to a client that reads slowly", async () => {
  const { session } = await open(20_000);
  const { bytes, status } = await call(session, SOLVE, [framed(`ok${"x".repeat(200)}`)]);
  expect([bytes, status]).toEqual([20_000 * (5 + "judged ok".length + 200), "0"]);
});

describe("answers of calls that the client does not read", () => {
  const STATUS = "/moby.buildkit.v1.Control/Status";

  function begin(session: ClientHttp2Session, path: string, text: string) {
    const stream = session.request({ ":method": "POST", ":path": path, "content-type": "application/grpc" });
    stream.on("error", () => {});
    stream.end(framed(text));
    return stream;
  }
  const unread = (session: ClientHttp2Session) => begin(session, SOLVE, `ok${"x".repeat(200)}`);

  test("more than a client may have: the one that has waited longest ends, and the others go on", async () => {
    const { session, gateway } = await open(20_000, { unreadPerClient: 1 });
    const first = unread(session);
    await once(first, "response");
    // Until it has filled what the two sides hold.
    await expect.poll(() => first.readableLength).toBeGreaterThan(0);
    const second = unread(session);
    await expect.poll(() => first.closed, { timeout: 5_000 }).toBe(true);
    expect(first.rstCode).toBe(http2.constants.NGHTTP2_ENHANCE_YOUR_CALM);
    const records = await gateway.records("Grpc moby.buildkit.v1.Control/Solve", 3);
    expect(records.at(-1)).toMatchObject({ event: "end", error: "too-much-unread" });
    let bytes = 0;
    second.on("data", (piece: Buffer) => {
      bytes += piece.length;
    });
    await once(second, "end");
    expect(bytes).toBe(20_000 * (5 + "judged ok".length + 200));
  });

  test("also if it does not read the connection at all", async () => {
    const { session, gateway, wire } = await open(60_000, { unreadPerClient: 1 });
    // More than the sockets hold, so that the gateway cannot even tell the client which call it has cut.
    const windowBytes = 32 * 1024 * 1024;
    session.setLocalWindowSize(windowBytes);
    session.settings({ initialWindowSize: windowBytes });
    await once(session, "localSettings");
    wire.socket.pause();
    for (let calls = 0; calls < 2; calls++) unread(session);
    await gateway.records("Grpc moby.buildkit.v1.Control/Solve", 3);
    expect(gateway.audit.records.at(-1)).toMatchObject({ event: "end", error: "too-much-unread" });
    wire.socket.destroy();
  });

  test("a call that waits ends with its connection, and the next one has its turn", async () => {
    const { session, gateway } = await open(1, { unreadPerClient: 1 });
    const { answers } = gateway.gateway;
    await once(begin(session, STATUS, "ok, for ever"), "response");
    begin(session, STATUS, "ok, for ever");
    // Judged, and so waiting, before what comes after it.
    expect(await call(session, SOLVE, [framed("ok")])).toMatchObject({ status: "0" });
    const third = answers.placeForBuild("anna", "follows").mayBegin();
    expect(third).not.toBe(true);
    gateway.cutAll("revoked");
    expect(await third).toBe(true);
  });

  test("calls that follow builds: more than a client may have wait until one of them ends", async () => {
    const { session, asked } = await open(1, { unreadPerClient: 1 });
    const first = begin(session, STATUS, "ok, for ever");
    await once(first, "response");
    const second = call(session, STATUS, [framed("ok, second")]);
    // What begins a build, or ends it, does not wait for them.
    for (const path of [SOLVE, "/moby.buildkit.v1.frontend.LLBBridge/Return"])
      expect(await call(session, path, [framed("ok")])).toMatchObject({ status: "0" });
    expect(asked.map(({ body }) => body)).not.toContain("judged ok, second");
    first.close(http2.constants.NGHTTP2_CANCEL);
    expect(await second).toMatchObject({ status: "0", body: "judged ok, second" });
  });
});

test("a connection's calls are judged one after the other: each may ask the engine many things", async () => {
  const { session } = await open();
  const both = await Promise.all([
    ...Array.from({ length: 20 }, () =>
      call(session, "/moby.buildkit.v1.Control/Solve", [framed("ok, counted")]),
    ),
    call(session, "/moby.buildkit.v1.Control/Solve", [framed("throws")]),
    call(session, "/moby.buildkit.v1.Control/Solve", [framed("ok")]),
  ]);
  expect(both.map(({ status }) => status)).toEqual([...Array<string>(20).fill("0"), "13", "0"]);
  expect(counted.most).toBe(1);
});

test("messages that wait for their judges count, and a connection has two large ones at a time", async () => {
  held = Promise.withResolvers();
  const { session, gateway } = await open();
  const message = framed("ok, waits".padEnd(MAX_BYTES - 100, "x"));
  const first = [call(session, SOLVE, [message]), call(session, SOLVE, [message])];
  // until the gateway has read both
  for (let time = 0; time < 3; time++) await new Promise((resolve) => session.ping(resolve));
  expect(await call(session, SOLVE, [message])).toMatchObject({ status: "8" });
  held.resolve();
  for (const { status } of await Promise.all(first)) expect(status).toBe("0");
  expect(await call(session, SOLVE, [message])).toMatchObject({ status: "0" });
  expect(gateway.gateway.holdings.total).toBe(0);
});

describe("records", () => {
  test("each call has one, and what changes something has one before the engine has the call", async () => {
    const { session, gateway } = await open();
    await call(session, SOLVE, [framed("ok")]);
    await call(session, "/moby.buildkit.v1.Control/Status", [framed("ok")]);
    await call(session, SOLVE, [framed("no")]);
    const solve = await gateway.records("Grpc moby.buildkit.v1.Control/Solve", 3);
    expect(solve.map(({ event, decision, rule }) => `${event} ${decision} ${rule}`)).toEqual([
      "start allow test-call",
      "end allow test-call",
      "request deny test-call:word",
    ]);
    expect(solve[1]).toMatchObject({ status: 200, bytesIn: 7, bytesOut: 14 });
    const [status] = await gateway.records("Grpc moby.buildkit.v1.Control/Status", 1);
    expect(status).toMatchObject({ event: "request", target: "/moby.buildkit.v1.Control/Status" });
  });

  test("calls that clients can do without have none, do not count as refusals, and the engine does not get them", async () => {
    const { session, gateway, asked } = await open(1, { refusedRequestsPerMinute: 6 });
    const large = framed("ok".repeat(MAX_BYTES * 100));
    for (const message of [
      framed("ok"),
      large,
      framed("ok"),
      large,
      framed("ok"),
      framed("ok"),
      framed("ok"),
    ])
      expect(await call(session, "/collector.TraceService/Export", [message])).toMatchObject({
        status: "12",
      });
    expect(await call(session, SOLVE, [framed("ok")])).toMatchObject({ status: "0" });
    await gateway.records("Grpc moby.buildkit.v1.Control/Solve", 2);
    expect(asked.map(({ body }) => body)).toEqual(["", "judged ok"]);
    expect(gateway.audit.records.map(({ target }) => target)).not.toContain("/collector.TraceService/Export");
  });
});

describe("a call that the gateway finishes after the engine", () => {
  const ask = async (session: ClientHttp2Session, text: string) => {
    finished.length = 0;
    return call(session, SOLVE, [framed(text)]);
  };

  test("the client gets what the gateway makes of the answer, with the engine's head and trailers", async () => {
    const { session, gateway } = await open();
    expect(await ask(session, "ok, finish")).toMatchObject({
      ...{ status: "0", body: "finished judged ok, finish" },
      fields: { "content-type": "application/grpc", "x-end": "yes" },
    });
    expect(finished).toEqual(["judged ok, finish"]);
    const records = await gateway.records("Grpc moby.buildkit.v1.Control/Solve", 2);
    expect(records[1]).toMatchObject({
      ...{ event: "end", decision: "allow", status: 200 },
      bytesOut: 5 + "finished judged ok, finish".length,
    });
  });

  test("if it is refused after all, the client gets permission denied, and the record says why", async () => {
    const { session, gateway } = await open();
    expect(await ask(session, "ok, finish denied")).toMatchObject({
      ...{ status: "7", bytes: 0 },
      message: "tetherdock: moby.buildkit.v1.Control/Solve failed after all",
    });
    const records = await gateway.records("Grpc moby.buildkit.v1.Control/Solve", 2);
    expect(records.map(({ event, decision, rule }) => `${event} ${decision} ${rule}`)).toEqual([
      "start allow test-call",
      "end deny test-call:end",
    ]);
  });

  test("an error of the engine passes with its fields, and nothing is left to do", async () => {
    const { session } = await open();
    expect(await ask(session, "ok, finish fails")).toMatchObject({
      ...{ status: "5", bytes: 0 },
      fields: { "x-why": "none" },
    });
    expect(finished).toEqual([]);
  });

  test.each([
    ["a fault of the gateway's", 1, "throws", "13"],
    ["an engine that breaks off", 1, "breaks", "14"],
    ["two messages", 2, "", "13"],
    ["an answer of more than 4 MiB", 1, "huge", "14"],
  ])("%s fails the call, and the others go on", async (_what, times, word, status) => {
    const { session } = await open(times);
    expect(await ask(session, `ok, finish ${word}`)).toMatchObject({ status, bytes: 0 });
    expect(await call(session, SOLVE, [framed("ok")])).toMatchObject({ status: "0" });
  });

  test("if the client cancels meanwhile, it gets nothing, and the others go on", async () => {
    const { session, gateway } = await open();
    held = Promise.withResolvers();
    finished.length = 0;
    const stream = session.request({ ":method": "POST", ":path": SOLVE, "content-type": "application/grpc" });
    const got: Buffer[] = [];
    stream.on("error", () => {});
    stream.on("data", (bytes: Buffer) => got.push(bytes));
    stream.end(framed("ok, finish late"));
    await expect.poll(() => finished).toEqual(["judged ok, finish late"]);
    stream.close(http2.constants.NGHTTP2_CANCEL);
    const records = await gateway.records("Grpc moby.buildkit.v1.Control/Solve", 2);
    expect(records[1]).toMatchObject({ event: "end", error: "cancelled" });
    held.resolve();
    expect(await call(session, SOLVE, [framed("ok")])).toMatchObject({ status: "0" });
    expect(got).toEqual([]);
  });
});

test("a call that the client cancels ends at the engine too", async () => {
  const { session, gateway, asked } = await open();
  const stream = session.request({ ":method": "POST", ":path": SOLVE, "content-type": "application/grpc" });
  stream.on("error", () => {});
  stream.end(framed("ok, for ever"));
  await once(stream, "response");
  stream.close(http2.constants.NGHTTP2_CANCEL);
  const records = await gateway.records("Grpc moby.buildkit.v1.Control/Solve", 2);
  expect(records[1]).toMatchObject({ event: "end", error: "cancelled" });
  expect(asked).toHaveLength(2);
});

test("calls that the client resets at any moment end, and the others go on", async () => {
  const { session } = await open(50);
  const reset = async (turns: number) => {
    const stream = session.request({ ":method": "POST", ":path": SOLVE, "content-type": "application/grpc" });
    stream.on("error", () => {});
    stream.end(framed(turns % 2 === 0 ? "ok" : "no"));
    for (let turn = 0; turn < turns; turn++) await new Promise((resolve) => setImmediate(resolve));
    stream.close(http2.constants.NGHTTP2_CANCEL);
  };
  for (let round = 0; round < 20; round++) await reset(round % 10);
  expect(await call(session, SOLVE, [framed("ok")])).toMatchObject({ status: "0" });
});

test("cutting the connection ends its calls", async () => {
  const { session, gateway, wire } = await open();
  const stream = session.request({ ":method": "POST", ":path": SOLVE, "content-type": "application/grpc" });
  stream.on("error", () => {});
  stream.end(framed("ok, for ever"));
  await once(stream, "response");
  gateway.cutAll("revoked");
  await wire.closed;
  expect((await gateway.records("Grpc moby.buildkit.v1.Control/Solve", 2))[1]).toMatchObject({
    event: "end",
  });
});

test("a connection on which too many calls are refused ends", async () => {
  const { session, wire } = await open(1, { refusedRequestsPerMinute: 6 });
  const no = () => call(session, SOLVE, [framed("no")]);
  expect(await no()).toMatchObject({ status: "7" });
  await no();
  await wire.over;
});

test("a connection ends when the engine's does", async () => {
  const { session, wire, gateway } = await open();
  await call(session, SOLVE, [framed("ok")]);
  await gateway.docker.close();
  await wire.over;
});

test("a client that does not speak HTTP/2 is disconnected", async () => {
  const { gateway } = await open();
  const wire = await gateway.connect();
  await wire.send(UPGRADE).sees("\r\n\r\n");
  wire.send("GET /v1.41/containers/json HTTP/1.1\r\nHost: docker\r\n\r\n".repeat(3));
  await wire.over;
});

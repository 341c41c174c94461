import { describe, expect, test } from "vitest";
import { COMMON_SUITES, TLS13_SUITES, WEAK_SUITES } from "./cipher-suites.ts";
import { encodeClientHello, TLS_VERSIONS } from "./client-hello.ts";
import { readServerFlight } from "./server-flight.ts";

const random = Uint8Array.from({ length: 96 }, (_, at) => at);
const options = { suites: [0xc02f], serverName: null, random } as const;

/** A handshake message in one record. */
function record(type: number, body: readonly number[]): number[] {
  const message = [type, 0, body.length >> 8, body.length & 255, ...body];
  return [22, 3, 3, message.length >> 8, message.length & 255, ...message];
}

function serverHello(version: readonly [number, number], extensions: readonly number[] = []): number[] {
  const block = extensions.length > 0 ? [extensions.length >> 8, extensions.length & 255, ...extensions] : [];
  return record(2, [...version, ...random.subarray(0, 32), 0, 0xc0, 0x2f, 0, ...block]);
}

const read = (bytes: readonly number[]) => readServerFlight(Uint8Array.from(bytes));

describe("encodeClientHello", () => {
  test.each(TLS_VERSIONS)("%s: every length is right", (version) => {
    const hello = encodeClientHello({ ...options, version, serverName: "box.test" });
    const view = new DataView(hello.buffer);
    expect([hello[0], hello[5]]).toEqual([22, 1]);
    expect(view.getUint16(3)).toBe(hello.length - 5);
    expect(view.getUint16(7)).toBe(hello.length - 9);
    const suitesAt = 9 + 2 + 32 + 1 + 32;
    const extensionsAt = suitesAt + 2 + view.getUint16(suitesAt) + 2;
    expect(view.getUint16(extensionsAt)).toBe(hello.length - extensionsAt - 2);
  });

  test("the version, in the old field before 1.3", () => {
    const field = TLS_VERSIONS.map((version) => encodeClientHello({ ...options, version })[10]);
    expect(field).toEqual([1, 2, 3, 3]);
  });

  test("SNI only for a name", () => {
    const text = (serverName: string | null) =>
      Buffer.from(encodeClientHello({ ...options, version: "TLSv1.2", serverName })).toString("latin1");
    expect(text("box.test")).toContain("box.test");
    expect(text("box.test").length - text(null).length).toBe("box.test".length + 9);
  });

  test("no suite is both common and weak", () => {
    const common = [...COMMON_SUITES, ...TLS13_SUITES];
    expect(common.filter((suite) => WEAK_SUITES.has(suite))).toEqual([]);
    expect(new Set(common).size).toBe(common.length);
  });
});

describe("readServerFlight", () => {
  test.each([
    [[3, 1], "TLSv1"],
    [[3, 2], "TLSv1.1"],
    [[3, 3], "TLSv1.2"],
  ] as const)("%j is %s", (version, name) => {
    expect(read(serverHello(version))).toEqual({ state: "hello", version: name, suite: 0xc02f });
  });

  test("1.3 by its extension, after others", () => {
    const extensions = [0, 51, 0, 2, 0, 29, 0, 43, 0, 2, 3, 4];
    expect(read(serverHello([3, 3], extensions)).version).toBe("TLSv1.3");
  });

  test("certificates, in the same record or over two, and none if the flight ends with the hello", () => {
    const certificate = [0, 0, 6, 0, 0, 3, 7, 8, 9];
    const hello = serverHello([3, 3]);
    expect(read([...hello, ...record(11, certificate)]).certificates).toEqual([Uint8Array.of(7, 8, 9)]);
    const joined = [...hello.slice(5), ...record(11, certificate).slice(5)];
    const split = [...joined.slice(0, 60)];
    const rest = joined.slice(60);
    const two = [22, 3, 3, 0, split.length, ...split, 22, 3, 3, 0, rest.length, ...rest];
    expect(read(two).certificates).toEqual([Uint8Array.of(7, 8, 9)]);
    expect(read([...hello, ...record(14, [])]).certificates).toEqual([]);
  });

  test.each([
    ["an alert", [21, 3, 1, 0, 2, 2, 70]],
    ["plain HTTP", [...Buffer.from("HTTP/1.1 400 Bad Request")]],
    ["another handshake message", record(11, [0, 0, 0])],
    ["SSL 3", serverHello([3, 0])],
    ["a hello cut off in itself", record(2, [3, 3, 1, 2])],
    ["a session id longer than the message", record(2, [3, 3, ...random.subarray(0, 32), 255, 0])],
  ])("%s is a refusal", (_, bytes) => {
    expect(read(bytes).state).toBe("refused");
  });

  test("every prefix of a flight: nothing, and then the hello; never an exception", () => {
    const whole = [...serverHello([3, 3]), ...record(11, [0, 0, 6, 0, 0, 3, 7, 8, 9])];
    const states = whole.map((_, end) => read(whole.slice(0, end)).state);
    expect(states.filter((state) => state === "refused")).toEqual([]);
    expect(states.indexOf("hello")).toBe(serverHello([3, 3]).length);
  });

  test("false lengths cause no loop and no exception", () => {
    for (let at = 0; at < 120; at++) {
      const bytes = [...serverHello([3, 3], [0, 43, 0, 2, 3, 4]), ...record(11, [0, 0, 6, 0, 0, 3, 7, 8, 9])];
      for (const value of [0, 1, 255]) {
        bytes[at] = value;
        expect(["more", "hello", "refused"]).toContain(read(bytes).state);
      }
    }
  });
});

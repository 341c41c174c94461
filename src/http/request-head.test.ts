import { describe, expect, test } from "vitest";
import { INCOMPLETE, REFUSED } from "./fields.ts";
import { readRequestHead } from "./request-head.ts";

const read = (...lines: string[]) =>
  readRequestHead(Buffer.from(`${lines.join("\r\n")}\r\n\r\n`, "latin1"), 0);
const get = (...fields: string[]) => read("GET / HTTP/1.1", "Host: docker", ...fields);

describe("readRequestHead()", () => {
  test("reads a head as the docker CLI sends it", () => {
    const head = read(
      "POST /v1.41/exec/0a1b/start HTTP/1.1",
      "Host: api.moby.localhost",
      "User-Agent: Docker-Client/28.0.0 (linux)",
      "Content-Length: 31",
      "Connection: Upgrade",
      "Content-Type: Application/JSON",
      "Upgrade: TCP",
    );
    expect(head).toMatchObject({
      method: "POST",
      target: "/v1.41/exec/0a1b/start",
      contentLength: 31,
      chunked: false,
      hasBody: true,
      close: false,
      upgrade: "tcp",
      hasContentType: true,
      expectContinue: false,
      problem: null,
    });
  });

  test("any byte but zero may be written as % and two digits", () => {
    const target = `/${Array.from({ length: 255 }, (_, at) => `%${(at + 1).toString(16).padStart(2, "0")}`).join("")}%fF%Ff`;
    expect(read(`GET ${target} HTTP/1.1`, "Host: docker")).toMatchObject({ target, problem: null });
  });

  test("length counts from the start of the head", () => {
    const text = "GET /_ping HTTP/1.1\r\nHost: docker\r\n\r\n";
    const bytes = Buffer.from(`before${text}after`);
    expect(readRequestHead(bytes, 6)).toMatchObject({ length: text.length, target: "/_ping" });
  });

  test("has no body without framing or with a length of zero", () => {
    expect(get()).toMatchObject({ hasBody: false, contentLength: -1 });
    expect(get("Content-Length: 0")).toMatchObject({ hasBody: false, contentLength: 0 });
    expect(get("Transfer-Encoding: chunked").hasBody).toBe(true);
  });

  test("is incomplete until the last byte", () => {
    const bytes = Buffer.from("PUT /a%2fb?c HTTP/1.1\r\nHost: docker\r\nX: y\r\nContent-Length: 5\r\n\r\n");
    for (let end = 0; end < bytes.length; end++)
      expect(readRequestHead(bytes.subarray(0, end), 0).length, `${end} bytes`).toBe(INCOMPLETE);
    expect(readRequestHead(bytes, 0).length).toBe(bytes.length);
  });

  test.each([
    ["GET / HTTP/1.0", "version", 505],
    ["GET / HTTP/2.0", "version", 505],
    ["PRI * HTTP/2.0", "version", 505],
    ["get / HTTP/1.1", "method", 400],
    ["CONNECT / HTTP/1.1", "method", 400],
    ["GET http://docker/ HTTP/1.1", "target", 400],
    ["OPTIONS * HTTP/1.1", "target", 400],
    ["GET /% HTTP/1.1", "target", 400],
    ["GET /%00 HTTP/1.1", "target", 400],
    ["GET /%0 HTTP/1.1", "target", 400],
    ["GET /%0 x HTTP/1.1", "target", 400],
    ["GET /%0# HTTP/1.1", "target", 400],
    ["GET /%0g HTTP/1.1", "target", 400],
    ["GET /%1g HTTP/1.1", "target", 400],
    ["GET /%g1 HTTP/1.1", "target", 400],
    ["GET / 12 HTTP/1.1", "version", 505],
    ["GET /", "request-line", 400],
    [" GET / HTTP/1.1", "request-line", 400],
  ])("%j is refused: %s, %i", (line, code, status) => {
    expect(read(line, "Host: docker")).toMatchObject({ length: REFUSED, problem: { code, status } });
  });

  test("the Upgrade field is the upgrade, and exactly one Host is needed", () => {
    expect(get("Upgrade: tcp")).toMatchObject({ problem: null, upgrade: "tcp" });
    expect(get("Connection: Upgrade")).toMatchObject({ problem: null, upgrade: "" });
    expect(get("Connection: Upgrade", "Upgrade: h2c")).toMatchObject({ problem: null, upgrade: "h2c" });
    expect(read("GET / HTTP/1.1", "X: y").problem?.code).toBe("host");
    expect(get("Host: docker").problem?.code).toBe("host");
  });

  test("an empty Host is allowed, exactly once", () => {
    for (const host of ["Host:", "Host: ", "host:   "]) {
      expect(read("POST /grpc HTTP/1.1", host)).toMatchObject({ problem: null, target: "/grpc" });
      expect(read("POST /grpc HTTP/1.1", host, "Host: docker").problem?.code, host).toBe("host");
      expect(read("POST /grpc HTTP/1.1", "Host: docker", host).problem?.code, host).toBe("host");
      expect(read("POST /grpc HTTP/1.1", host, " docker").problem?.code, host).toBe("obs-fold");
    }
  });

  test("refuses at the wrong byte, without waiting for more", () => {
    const bytes = Buffer.from("GET / HTTP/1.1\r\nHost : docker");
    const wrong = bytes.indexOf(" :");
    expect(readRequestHead(bytes.subarray(0, wrong), 0).length).toBe(INCOMPLETE);
    expect(readRequestHead(bytes.subarray(0, wrong + 1), 0).length).toBe(REFUSED);
  });
});

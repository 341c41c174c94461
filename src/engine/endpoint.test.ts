import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { dockerHost, formatEndpoint, makeEndpoint, parseAddress, parseEndpoint } from "./endpoint.ts";

describe("parseEndpoint()", () => {
  test.each([
    ["box.example:2376", "box.example", 2376],
    ["Box.Example:1", "box.example", 1],
    ["my_box:65535", "my_box", 65_535],
    ["192.0.2.7:2376", "192.0.2.7", 2376],
    ["[fd00::1]:2376", "fd00::1", 2376],
    ["[FD00:0:0::0:1]:2376", "fd00::1", 2376],
    ["[::ffff:192.0.2.7]:2376", "::ffff:c000:207", 2376],
    ["1box:22", "1box", 22],
  ])("reads %s", (text, host, port) => {
    expect(parseEndpoint(text)).toEqual({ host, port });
  });

  test.each([
    "",
    "box",
    "box:",
    ":2376",
    "box:0",
    "box:65536",
    "box:02376",
    "box:2376 ",
    " box:2376",
    "box:2376/",
    "tcp://box:2376",
    "user@box:2376",
    "fd00::1:2376",
    "[fd00::1]",
    "[fd00::1]2376",
    "[fd00::g]:2376",
    "[fe80::1%eth0]:2376",
    "[box]:2376",
    "[192.0.2.7]:2376",
    "192.0.2.256:2376",
    "192.0.2.07:2376",
    "192.0.2:2376",
    "127.1:2376",
    "0x7f000001:2376",
    "box..example:2376",
    "box.:2376",
    "-box:2376",
    "bo\u0301x:2376",
    "box\n:2376",
    `${"x".repeat(64)}:2376`,
    `${"x.".repeat(127)}xx:2376`,
  ])("refuses %j", (text) => {
    expect(() => parseEndpoint(text)).toThrow(expect.objectContaining({ code: "ENDPOINT_INVALID" }));
  });

  test("refuses ports that are not whole numbers", () => {
    for (const port of [Number.NaN, 1.5, -1]) expect(() => makeEndpoint("box", port)).toThrow("cannot read");
  });

  test("is the inverse of formatEndpoint()", () => {
    const hosts = fc.oneof(fc.ipV4(), fc.ipV6(), fc.domain());
    fc.assert(
      fc.property(hosts, fc.integer({ min: 1, max: 65_535 }), (host, port) => {
        const endpoint = makeEndpoint(host, port);
        expect(parseEndpoint(formatEndpoint(endpoint))).toEqual(endpoint);
      }),
    );
  });
});

test("dockerHost() brackets IPv6", () => {
  expect(dockerHost(parseEndpoint("[fd00::1]:2376"))).toBe("tcp://[fd00::1]:2376");
  expect(dockerHost(parseEndpoint("box.example:2376"))).toBe("tcp://box.example:2376");
});

test.each([
  ["web.example", "web.example", 2376],
  ["web.example:2400", "web.example", 2400],
  ["192.0.2.7", "192.0.2.7", 2376],
  ["2001:db8::7", "2001:db8::7", 2376],
  ["[2001:db8::7]:2400", "2001:db8::7", 2400],
  ["tcp://192.0.2.7:2400", "192.0.2.7", 2400],
])("the address %s", (text, host, port) => {
  expect(parseAddress(text)).toEqual({ host, port });
});

import { describe, expect, test } from "vitest";
import { inetPort, isLoopback, listenHost } from "./listen-address.ts";

describe("a listening address", () => {
  test.each([
    ["2375", 2375, ""],
    ["0.0.0.0:2375", 2375, "0.0.0.0"],
    ["[::]:2376", 2376, "::"],
    ["[::ffff:7f00:1]:45991", 45991, "::ffff:7f00:1"],
    ["/run/docker.sock", null, ""],
    ["/run/a:2375", null, "/run/a"],
    ["@abstract:2375", null, "@abstract"],
    ["vsock:2:2375", null, "vsock:2"],
    ["0.0.0.0:99999", null, "0.0.0.0"],
    ["0.0.0.0:0", null, "0.0.0.0"],
  ])("%s: port %j, host %j", (listen, port, host) => {
    expect(inetPort(listen)).toBe(port);
    expect(listenHost(listen)).toBe(host);
  });

  test.each([
    ["127.0.0.1", true],
    ["127.5.0.1", true],
    ["::1", true],
    ["::ffff:7f00:1", true],
    ["::ffff:127.0.0.1", true],
    ["localhost", true],
    ["::ffff:c000:207", false],
    ["::", false],
    ["0.0.0.0", false],
    ["192.0.2.127", false],
    ["localhost.example", false],
  ])("%s reaches only the host itself: %s", (host, expected) => expect(isLoopback(host)).toBe(expected));
});

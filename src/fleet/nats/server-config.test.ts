/** The servers' configuration, as far as no server has to run for it: test/system/fleet-nats.test.ts has one. */
import { expect, test } from "vitest";
import { serverConfig, serverPort } from "./server-config.ts";

test.each([
  [["nats://one.example"], "4222"],
  [["nats://one.example:14222", "nats://two.example:14222"], "14222"],
  [["nats://one.example:4222", "nats://two.example"], "4222"],
  [
    ["nats://one.example:5001", "nats://one.example:5002"],
    "5001   # on each server, the port of its address in fleet init --store",
  ],
])("servers at %j listen on %s", (urls, port) => {
  expect(serverPort({ urls, ca: null })).toBe(port);
});

test("a server keeps at most 16 MB for a connection that reads nothing, which is more than one message", () => {
  const part = { key: "K", token: "T" };
  const config = serverConfig("acme", { operator: "O", system: part, account: part, hosts: part });
  const numberAt = (name: string) => Number(new RegExp(`^${name}: (\\d+)$`, "m").exec(config)?.[1]);
  expect(numberAt("max_pending")).toBe(16 * 1024 * 1024);
  expect(numberAt("max_pending")).toBeGreaterThan(2 * numberAt("max_payload"));
});

/** The servers' configuration, as far as no server has to run for it: test/system/fleet-nats.test.ts has one. */
import { expect, test } from "vitest";
import { serverPort } from "./server-config.ts";

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

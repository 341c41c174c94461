/** The facts that tests of use cases print for a fake host are parsed back to the intended values. */
import { expect, test } from "vitest";
import { printFacts } from "../../test/support/app/print-facts.ts";
import {
  daemonJson,
  hostFacts,
  listening,
  pathStep,
  runningGateway,
  tcpSocket,
} from "../../test/support/host-facts.ts";
import { parseFacts } from "./parse.ts";

const about = {
  ...{ lineId: "0123456789abcdef", lineName: "web", port: 2376, exposedPorts: [2375] },
  ...{ by: "anna@laptop", at: "2026-01-31T08:00:00.000Z", version: "0.1.0" },
};

test.each([
  ["a healthy host", hostFacts()],
  [
    "a host with a line and a gateway",
    hostFacts(
      {
        units: [
          { path: "/lib/systemd/system/docker.service", text: "[Service]\nExecStart=/usr/bin/dockerd\n" },
        ],
      },
      {
        sockets: [tcpSocket()],
        daemonJson: daemonJson("{}\n"),
        gateway: runningGateway,
        listeners: [
          ...listening([22]),
          {
            address: "[::]:2376",
            port: 2376,
            holders: [
              { pid: 1, command: "systemd", unit: "init.scope" },
              { pid: 42, command: "dockerd", unit: "docker.service" },
            ],
          },
        ],
        containers: [{ name: "web", restart: "always" }],
        foreignDaemons: [{ pid: 7, user: "anna" }],
        ours: {
          files: new Map([
            [
              "/etc/tetherdock/ca.pem",
              { path: "/etc/tetherdock/ca.pem", mode: "644", owner: "0:0", text: "x\n" },
            ],
          ]),
          publicKey: "key",
        },
        steps: new Map([
          [
            "/etc",
            pathStep("/etc", {
              type: "link",
              target: "/private/etc",
              acl: true,
              locked: true,
              mounted: true,
            }),
          ],
        ]),
        transactions: [
          {
            ...{ number: 1, state: "confirmed", ownerAlive: false, restarted: true, about },
            entries: [{ path: "/etc/a b", before: "kept", after: "absent", now: "directory" }],
          },
        ],
        isSteady: false,
        undoArmed: true,
      },
    ),
  ],
])("%s", (_what, facts) => {
  expect(parseFacts(printFacts(facts, "facts-x"), "facts-x")).toEqual(facts);
});

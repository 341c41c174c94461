/** The messages of `down`, and the plan that it shows before it asks. */
import { expect, test } from "vitest";
import type { DownEvent, DownPreview } from "../../app/down/index.ts";
import { createStyle } from "../output/style.ts";
import { renderDown } from "./render-down.ts";
import { renderEvent } from "./render-event.ts";

const plain = createStyle(false);
const where = { env: { SHELL: "/bin/bash" }, platform: "linux", home: "/home/anna", cwd: "/" };
const LOCAL = "unix:///var/run/docker.sock";
const lost = { name: "vps", engine: LOCAL, override: null };

const PREVIEW: DownPreview = {
  target: "core@vps",
  plan: {
    numbers: [1],
    restored: ["/etc/docker/daemon.json"],
    removed: ["/etc/tetherdock/ca.pem"],
    conflicts: ["/etc/a\nb"],
    edited: ["/etc/tetherdock/gateway.json"],
    exposedPorts: [2375],
    restart: true,
    gateway: true,
    warnings: ["containers stop"],
  },
  laptop: { line: "vps", contexts: ["vps"], lost, fleets: ["acme"], hostStays: false },
};

test("the plan: changes on the host and here, then the warnings, the most severe last", () => {
  expect(renderDown(PREVIEW, plain)).toEqual([
    "~ /etc/docker/daemon.json  as it was",
    "- /etc/tetherdock/ca.pem",
    "! stop tetherdock-gateway.service",
    "! restart docker.service",
    "- line vps  its certificates and keys, on this machine",
    "- docker context vps",
    `warning: "vps" is the current docker context: docker commands will then go to the engine on this machine (${LOCAL})`,
    "warning: vps is a host of the fleet acme and would stay on its list; first run:",
    "  tetherdock fleet leave vps --fleet acme",
    "warning: /etc/a\\nb was changed after up; the change will be lost",
    "warning: this deletes /etc/tetherdock/gateway.json, which was changed after up; to keep it, first:",
    "  ssh core@vps sudo cat /etc/tetherdock/gateway.json >gateway.json",
    "warning: this deletes the gateway's audit log; to keep it, first:",
    "  ssh core@vps sudo tar -cz -C /var/log/private tetherdock-gateway >audit.tgz",
    "warning: containers stop",
    "warning: this serves the Docker API without TLS on TCP 2375 again: anybody who can reach it becomes root",
  ]);
});

test("a line that goes while its host stays: what is lost with its keys", () => {
  const laptop = { line: "vps", contexts: [], lost: null, fleets: [], hostStays: true };
  expect(renderDown({ target: "core@vps", plan: null, laptop }, plain)).toEqual([
    "- line vps  its certificates and keys, on this machine",
    expect.stringMatching(/^warning: the host stays as it is: .* until it expires/),
    expect.stringMatching(/^warning: without the CA key nobody can issue or renew/),
  ]);
});

test("nothing to undo, and no line here: an empty plan", () => {
  expect(renderDown({ target: null, plan: null, laptop: null }, plain)).toEqual([]);
});

test.each<[DownEvent, readonly string[]]>([
  [
    { kind: "notice", id: "nothing-to-undo" },
    ["there is nothing from tetherdock on the host: nothing to undo"],
  ],
  [
    { kind: "notice", id: "line-kept", line: "vps" },
    [
      "the host does not prove that it is the host of vps: the line vps is kept (to delete it: tetherdock down vps --forget)",
    ],
  ],
  [
    { kind: "notice", id: "would-ask", line: "vps", sides: ["one side", "the other"] },
    [
      "! one side",
      "! the other",
      'without --dry-run, down asks before it undoes this host and forgets "vps"',
    ],
  ],
  [
    { kind: "notice", id: "accept-not-needed", line: "vps" },
    ["the host has proven to be the host of vps: --accept-host was not needed"],
  ],
  [{ kind: "notice", id: "context-removed", name: "second", lost: null }, []],
  [
    { kind: "notice", id: "context-removed", name: "vps", lost },
    [`"vps" was the current docker context: docker commands now go to the engine on this machine (${LOCAL})`],
  ],
  [
    {
      kind: "notice",
      id: "context-removed",
      name: "vps",
      lost: { ...lost, override: { variable: "DOCKER_HOST", value: "tcp://192.0.2.7:2376" } },
    },
    [
      `"vps" was the current docker context: docker commands now go to the engine on this machine (${LOCAL})`,
      "in this shell $DOCKER_HOST takes precedence: docker commands go to tcp://192.0.2.7:2376",
      'to select no engine: eval "$(tetherdock env --unset)"',
    ],
  ],
  [
    { kind: "notice", id: "waits", by: "bob@box" },
    ["another change by bob@box is in progress on the host: waiting until it is confirmed or undone"],
  ],
  [{ kind: "notice", id: "puts-back", by: null }, ["an earlier change was interrupted: undoing it first"]],
])("%j", (event, lines) => {
  expect(renderEvent(event, where, plain)).toEqual(lines);
});

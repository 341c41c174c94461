/**
 * Every script that runs as root on a host, as it runs, in test/golden/host: whoever changes one sees here what else that
 * changes. What the scripts do is tested by test/system and test/e2e, on real files and hosts.
 */
import { expect, test } from "vitest";
import { gatewayStep, receiveStep, restartStep, type Step, stepFor } from "./apply/step.ts";
import {
  confirmScript,
  openScript,
  settleScript,
  undoAllScript,
  undoOwnScript,
  whileOpen,
} from "./journal/transaction.ts";
import type { Change, Plan, ProgramFile } from "./plan/change.ts";
import { reachScript } from "./reach-script.ts";
import { proofScript } from "./recognise/host-proof.ts";

const NUMBER = 7;
const STAGING = "/var/tmp/tetherdock-uuid";
const PROGRAM: ProgramFile = {
  path: "/opt/tetherdock/x",
  sha256: "ab12",
  bytes: 90_000_000,
  packedBytes: 30_000_001,
};
const WRITE = { kind: "write", path: "/etc/docker/it's.json", reason: "", mode: "640" } as const;
const LIST = {
  ...WRITE,
  path: "/var/lib/private/tetherdock-gateway/clients.json",
  mode: "600",
  shared: true,
} as const;
const file = (path: string, text: string) => ({ path, text, mode: "604", owner: "7:8" });

const CHANGES: readonly Change[] = [
  { kind: "key", path: "/etc/tetherdock/server-key.pem", reason: "" },
  { kind: "certificate", path: "/etc/tetherdock/server-cert.pem", reason: "", before: null, names: [] },
  { ...WRITE, before: null, after: "with a line's end\n" },
  { ...WRITE, before: file(WRITE.path, "old\n"), after: "TETHERDOCK_END and no line's end" },
  { ...LIST, before: null, after: "{}\n" },
  { ...LIST, before: file(LIST.path, "old\n"), after: "{}\n" },
  { kind: "link", path: "/etc/systemd/system/a.wants/b", target: "/lib/b", reason: "" },
  { kind: "remove", path: "/etc/systemd/system/b", before: null, reason: "" },
  { kind: "program", path: PROGRAM.path, before: null, file: PROGRAM, reason: "" },
];

const sockets = (stopSockets: readonly string[], restartSockets: readonly string[]) =>
  ({ stopSockets, restartSockets }) as unknown as Plan;

const steps: readonly Step[] = [
  receiveStep(PROGRAM, STAGING, true),
  ...CHANGES.map((change) =>
    stepFor(change, { certificate: "CERTIFICATE\n", staging: STAGING, number: NUMBER }),
  ),
  restartStep(sockets([], []), NUMBER),
  restartStep(sockets(["docker-tcp.socket"], ["docker.socket"]), NUMBER),
  ...(["start", "restart", "reload", "stop"] as const).map((action) => gatewayStep(action, NUMBER)),
];

const about = {
  lineId: "a",
  lineName: "vps",
  port: 2376,
  exposedPorts: [],
  by: "ann",
  at: "now",
  version: "1",
};
const opening = {
  number: NUMBER,
  about,
  sockets: [],
  gatewayUnits: [],
  trees: [],
  staging: null,
  confirmWithinS: 120,
};
const opened = openScript({ ...opening, touched: [] });
const openedWide = openScript({
  ...opening,
  sockets: ["docker.socket"],
  gatewayUnits: ["tetherdock-gateway.socket"],
  trees: ["/var/lib/private/tetherdock-gateway"],
  staging: STAGING,
  touched: [
    { path: "/a", expect: "absent" },
    { path: "/b", expect: "ab12", via: "/link" },
    { path: "/c", expect: null, spare: true },
    { path: "/d", expect: "ab12", shared: true },
  ],
});
/** The wide one without what both have: the line that arms the undo is in the first. */
const only = openedWide.split("\n").filter((line) => !opened.split("\n").includes(line));

const scripts: readonly (readonly [title: string, script: string])[] = [
  ["open", opened],
  ["open: what a larger plan adds", only.join("\n")],
  ...steps.map(({ id, title, script }) => [`${id}: ${title}`, script] as const),
  ["inside an open transaction", whileOpen(NUMBER, "SCRIPT")],
  ["confirm", confirmScript(NUMBER)],
  ["undo, unconfirmed", undoOwnScript(NUMBER)],
  ["settle", settleScript(NUMBER)],
  ["undo, confirmed", undoAllScript([9, 7])],
  ["prove", proofScript({ lineId: "0123456789abcdef", nonce: "00ff" })],
  ["reach", reachScript(443)],
];

test("scripts are as in test/golden/host/scripts.txt (else: read the difference, then vitest -u)", async () => {
  const text = scripts
    .map(([title, script]) => `======== ${title}\n${script.replace(/\n*$/, "\n")}`)
    .join("\n");
  await expect(text).toMatchFileSnapshot(
    new URL("../../test/golden/host/scripts.txt", import.meta.url).pathname,
  );
});

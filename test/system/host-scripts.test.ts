/** Every script that is sent to a host, as shellcheck and dash see it: POSIX sh, since some hosts have nothing else. */
import { execFileSync, spawnSync } from "node:child_process";
import { chmod, copyFile, mkdir, mkdtemp, readFile, rm, symlink } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { describe, expect, test } from "vitest";
import { insideScript } from "../../src/doctor/index.ts";
import { factsScript } from "../../src/facts/index.ts";
import { FOREIGN_DAEMONS } from "../../src/facts/listeners/daemons-script.ts";
import { sha256 } from "../../src/host/apply/sha256.ts";
import { gatewayStep, receiveStep, restartStep, stepFor } from "../../src/host/apply/step.ts";
import { reachScript, settleScript, undoAllScript } from "../../src/host/index.ts";
import { confirmScript, openScript, undoOwnScript, whileOpen } from "../../src/host/journal/transaction.ts";
import { undoScript } from "../../src/host/journal/undo-script.ts";
import type { Change, Plan } from "../../src/host/plan/change.ts";
import { hostFacts } from "../support/host-facts.ts";

const path = "/etc/sys temd/it's $(here).conf";
const file = { path: "/opt/it's", sha256: "aa", bytes: 2, packedBytes: 1 };
const changes: Change[] = [
  {
    kind: "write",
    path,
    before: null,
    after: "[Service]\nX=$Y `z`\nTETHERDOCK_END\n",
    mode: "644",
    reason: "",
  },
  { kind: "write", path, before: null, after: "x", mode: "600", shared: true, reason: "" },
  { kind: "remove", path, before: "x", reason: "" },
  { kind: "link", path, target: "/dev/null", reason: "" },
  { kind: "key", path, reason: "" },
  { kind: "certificate", path, before: null, names: [], reason: "" },
  { kind: "program", path, before: null, file, reason: "" },
];
const plan: Plan = {
  changes,
  stopSockets: ["docker-tcp.socket"],
  restartSockets: ["docker.socket"],
  restart: true,
  gateway: "start",
  fleet: "none",
  trees: [],
  warnings: [],
  exposedPorts: [],
  closedPorts: [],
};
const about = {
  lineId: "aa",
  lineName: "it's",
  port: 2376,
  exposedPorts: [],
  by: "o'neil@box",
  at: "",
  version: "",
};
const touched = [
  { path, expect: "absent" },
  { path: "/etc/x", expect: null },
];
const opening = {
  number: 7,
  about,
  touched,
  sockets: ["docker.socket"],
  gatewayUnits: ["tetherdock-gateway.socket", "tetherdock-gateway.service"],
  trees: ["/var/lib/it's"],
  staging: "/var/tmp/it's",
  confirmWithinS: 60,
};
const step = { certificate: "-----BEGIN", staging: "/var/tmp/it's", number: 7 };
const actions = ["start", "reload", "restart", "stop"] as const;

const scripts: [string, string][] = [
  ["facts", factsScript("marker")],
  ["inside", insideScript(hostFacts(), "marker")],
  ["open", openScript(opening)],
  ["undo", undoScript],
  ["undo its own", undoOwnScript(7)],
  ["while open", whileOpen(7, "true")],
  ["undo all", undoAllScript([8, 7])],
  ["settle", settleScript(7)],
  ["confirm", confirmScript(7)],
  ["restart", restartStep(plan, 7).script],
  ["receive", receiveStep(file, step.staging, true).script],
  ...actions.map((action): [string, string] => [`${action} the gateway`, gatewayStep(action, 7).script]),
  ["reach", reachScript(2376)],
  ...changes.map((change): [string, string] => [change.kind, stepFor(change, step).script]),
];
// 2015/2034/3043-like style hints are not about correctness; word splitting is meant where lists are.
const EXCLUDED = "SC2015,SC2034,SC2046,SC2086,SC2094,SC3043";

describe("scripts for hosts", () => {
  test.each(scripts)("%s is clean POSIX sh", (_, script) => {
    const { stdout } = spawnSync("shellcheck", ["-s", "sh", "-S", "warning", "-e", EXCLUDED, "-"], {
      input: script,
      encoding: "utf8",
    });
    expect(stdout).toBe("");
    execFileSync("dash", ["-n"], { input: script });
  });

  test("a file's text arrives byte for byte, whatever it contains", () => {
    const text = "a\\b $x `y` $(z) 'q' \"r\"\nTETHERDOCK_END\nTETHERDOCK_END_\n\ttab\n";
    const { script } = stepFor(
      { kind: "write", path: "/dev/null", before: null, after: text, mode: "644", reason: "" },
      step,
    );
    const heredoc = /cat >\S+ (<<[\s\S]*?\nTETHERDOCK_END_+\n)(?=\nsync)/.exec(script)?.[1];
    expect(execFileSync("dash", { input: `cat ${heredoc}`, encoding: "utf8" })).toBe(text);
  });

  test("a program is received only into a new folder: another user may have made one of that name, with links in it", async () => {
    const folder = await mkdtemp(join(tmpdir(), "tetherdock-staging-"));
    const staging = join(folder, "theirs");
    const [program, target] = ["the program", join(folder, "target")];
    await mkdir(staging);
    await symlink(target, join(staging, sha256(program)));
    const receive = (where: string, isFirst: boolean) => {
      const { script } = receiveStep({ ...file, sha256: sha256(program) }, where, isFirst);
      return spawnSync("dash", ["-c", script], { input: gzipSync(program) }).status;
    };
    expect(receive(staging, true)).not.toBe(0);
    await expect(readFile(target)).rejects.toThrow("ENOENT");
    const ours = join(folder, "ours");
    expect([receive(ours, true), receive(ours, false)]).toEqual([0, 0]);
    expect(await readFile(join(ours, sha256(program)), "utf8")).toBe(program);
  });
});

test("a user's many processes named dockerd hide no other user's", async () => {
  const folder = await mkdtemp(join(tmpdir(), "dockerd-"));
  await copyFile("/bin/sleep", join(folder, "dockerd"));
  for (const path of [folder, join(folder, "dockerd")]) await chmod(path, 0o755);
  // In a namespace of their own: nothing else on this machine sees these processes, and they end with it.
  const script = `s() { printf '== %s\\n' "$*"; }
run() { setpriv --reuid="$1" --clear-groups ${join(folder, "dockerd")} 60 >/dev/null 2>&1 & }
for i in $(seq 25); do run nobody; done; run daemon; run root
until [ "$(grep -lx dockerd /proc/[0-9]*/comm | wc -l)" = 27 ]; do :; done
${FOREIGN_DAEMONS}`;
  const { stdout } = spawnSync(
    "unshare",
    ["--pid", "--fork", "--mount-proc", "--kill-child", "sh", "-c", script],
    {
      encoding: "utf8",
      timeout: 20_000,
    },
  );
  await rm(folder, { recursive: true });
  expect(stdout.replaceAll(/ \d+$/gm, "")).toBe("== foreign-daemon\ndaemon\n== foreign-daemon\nnobody\n");
});

/** Everything that can keep ssh from the host: each its own error, and the host never hears of it. */
import { appendFile, readFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, expect, test } from "vitest";
import { bootHost, type Host } from "../support/host.ts";
import { type Laptop, makeLaptop } from "../support/laptop.ts";
import { expectRefused } from "../support/refusal.ts";
import { mustRun } from "../support/run.ts";

const VPS = fileURLToPath(new URL("../hosts/vps", import.meta.url));

let host: Host;
let laptop: Laptop;
let before: string;

/** The host under another name, so that ssh's configuration for it is all ours. */
async function alias(name: string, lines: readonly string[]) {
  const common = [
    `IdentityFile ${host.key}`,
    "IdentitiesOnly yes",
    "IdentityAgent none",
    "ConnectTimeout 10",
  ];
  const known = ["GlobalKnownHostsFile /dev/null", `UserKnownHostsFile ${host.knownHosts}`];
  const stanza = [`HostName ${host.ip}`, ...common, ...known, "StrictHostKeyChecking yes", "User root"];
  // The first value of an option wins.
  await appendFile(laptop.sshConfig, [`Host ${name}`, ...lines, ...stanza, ""].join("\n  "));
}

beforeAll(async () => {
  host = await bootHost({ name: "door" });
  laptop = await makeLaptop(host.sshConfig);
  before = await host.fingerprint();
  await appendFile(laptop.sshConfig, "\n");
});
afterAll(async () => {
  const after = await host.fingerprint();
  await laptop[Symbol.asyncDispose]();
  await host[Symbol.asyncDispose]();
  expect(after).toBe(before);
});

test("a name that does not resolve", async () => {
  await expectRefused(
    laptop,
    ["up", "root@no-such-host.invalid"],
    "SSH_HOST_UNKNOWN",
    "no-such-host.invalid",
  );
});

test("a port where no sshd listens", async () => {
  await expectRefused(laptop, ["up", `ssh://root@${host.ip}:2222`], "SSH_REFUSED", "2222");
});

test("an address without a host: a timeout, or no route", async () => {
  const unused = host.ip.replace(/[0-9]+$/, "9"); // test hosts have .11 and up
  await alias("silent", [`HostName ${unused}`, "ConnectTimeout 1"]);
  await expectRefused(laptop, ["up", "silent"], "SSH_TIMEOUT", unused);
  await alias("nowhere", [`HostName ${unused}`, "ConnectTimeout 20"]);
  await expectRefused(laptop, ["up", "nowhere"], "SSH_UNREACHABLE", unused);
});

test("an unknown host key without a terminal", async () => {
  await alias("stranger", ["UserKnownHostsFile /dev/null", "StrictHostKeyChecking ask"]);
  await expectRefused(laptop, ["up", "stranger"], "SSH_HOSTKEY_UNKNOWN", "stranger");
});

test("a user whom the host does not admit", async () => {
  await alias("locked", ["BatchMode yes", "PubkeyAuthentication no"]);
  await expectRefused(laptop, ["up", "locked"], "SSH_DENIED", "locked");
});

test("no algorithm in common", async () => {
  await alias("modern", ["KexAlgorithms diffie-hellman-group1-sha1"]);
  await expectRefused(laptop, ["up", "modern"], "SSH_KEX", "modern");
});

test("a jump host that does not resolve", async () => {
  await alias("behind", ["ProxyJump no-such-jump.invalid"]);
  await expectRefused(laptop, ["up", "behind"], "SSH_JUMP_FAILED", "no-such-jump.invalid");
});

test("an ssh with an invalid configuration, and no ssh at all", async () => {
  await using other = await makeLaptop(host.sshConfig);
  await other.configureSsh("Frobnicate yes");
  await expectRefused(other, ["up", host.name], "SSH_CONFIG", /frobnicate/i);
  const env = { PATH: dirname(process.execPath) };
  await expectRefused(other, ["up", host.name], "SSH_MISSING", "ssh", { env });
});

test("a changed host key: a reinstalled host, or a man in the middle", async () => {
  const seen = join(laptop.folder, "seen_before");
  await appendFile(seen, await readFile(host.knownHosts));
  await mustRun([VPS, "reset", "--new-hostkeys", host.name]);
  before = await host.fingerprint();
  await alias("moved", [`UserKnownHostsFile ${seen}`]);
  const { hints } = await expectRefused(laptop, ["up", "moved"], "SSH_HOSTKEY_CHANGED", "moved");
  expect(hints.at(-1)).toMatch(/^ssh-keygen -f \S+seen_before -R \S+ {3}# if they are the same: /);
});

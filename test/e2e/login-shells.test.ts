/** How people log in on real hosts: their shells, what sshd and those print, what their ssh configuration asks for. */
import { afterAll, beforeAll, expect, test } from "vitest";
import { bootHost, type Host } from "../support/host.ts";
import { type Laptop, makeLaptop } from "../support/laptop.ts";
import { expectRefused } from "../support/refusal.ts";

const BANNER = "root@elsewhere: Permission denied (publickey).\nsudo: a password is required";

let host: Host;
let laptop: Laptop;
let before: string;

const login = (user: string) => `${user}@${host.name}`;

async function expectDryRun(user: string): Promise<void> {
  const { status, stdout, stderr } = await laptop.tetherdock(["up", login(user), "--dry-run"]);
  expect({ status, stderr }, stdout + stderr).toEqual({ status: 0, stderr: "" });
  expect(stdout).toContain("restart docker.service");
}

beforeAll(async () => {
  host = await bootHost({ name: "login", release: "trixie" });
  laptop = await makeLaptop(host.sshConfig);
  // Each of them prints something before it does what it is told, as sshd does. A restart, as `systemctl reload` returns
  // before sshd listens again.
  await host.root(`set -e
cd ~core
mkdir -p .config/fish
echo 'echo hello from a file of the shell' | tee .bashrc .zshenv .cshrc .config/fish/config.fish
chown -R core: .bashrc .zshenv .cshrc .config
printf '%s\\n' '${BANNER}' >/etc/ssh/banner
echo 'Banner /etc/ssh/banner' >/etc/ssh/sshd_config.d/banner.conf
printf '#!/bin/sh\\nwhile :; do echo "1) backup 2) restore"; read -r choice || exit; done\\n' >/usr/local/bin/menu
chmod 755 /usr/local/bin/menu
printf 'core may log in, nobody else\\n' >/etc/nologin.txt
usermod --shell /usr/local/bin/menu plain
usermod --shell /usr/sbin/nologin asker
systemctl restart ssh`);
  before = await host.fingerprint();
});
afterAll(async () => {
  await laptop?.[Symbol.asyncDispose]();
  await host?.[Symbol.asyncDispose]();
});

test("a login shell that shows a menu is given up after half a minute; bash, fish, zsh, tcsh and dash work", async () => {
  const menu = expectRefused(laptop, ["up", login("plain")], "HOST_TIMEOUT", /1\) backup 2\) restore/);
  const others = expectShells();
  const [{ hints }] = await Promise.all([menu, others]);
  expect(hints[0]).toBe(`ssh -T ${login("plain")} 'echo it works'`);
});

async function expectShells(): Promise<void> {
  for (const shell of ["/bin/bash", "/usr/bin/fish", "/usr/bin/zsh", "/usr/bin/tcsh", "/bin/dash"]) {
    await host.root(`usermod --shell ${shell} core`);
    const runs = await host.ssh("sh -c 'ps -o args= -p $PPID'; true", { user: "core" });
    expect(runs.stdout).toMatch(new RegExp(`\\b${shell.slice(shell.lastIndexOf("/") + 1)} -c`));
    await expectDryRun("core");
  }
  await host.root("usermod --shell /bin/bash core");
}

test("a user who may not log in: the output of nologin is shown", async () => {
  const { hints } = await expectRefused(
    laptop,
    ["up", login("asker")],
    "HOST_NO_SHELL",
    /core may log in, nobody else/,
  );
  expect((await laptop.bash(`${hints[0]} || true`)).stdout).toContain("core may log in");
});

test("sudo with requiretty: reported, and the hint works on a terminal", async () => {
  await host.root("echo 'Defaults:core requiretty' >/etc/sudoers.d/tty");
  const { hints } = await expectRefused(laptop, ["up", login("core")], "HOST_NO_ROOT", /requiretty/);
  expect(hints).toEqual([
    `tetherdock up root@${host.name}`,
    expect.stringMatching(/^ssh -t \S+ sudo visudo {3}# add a line: Defaults:USER !requiretty$/),
  ]);
  const words = hints[1]?.replace(/ sudo visudo .*/, "");
  const there = laptop.pty(`${words} sudo id -u`);
  await there.until(/^0\r?$/m, { withinMs: 20_000 });
  await there[Symbol.asyncDispose]();
  await host.root("rm /etc/sudoers.d/tty");
});

test("an interactive ssh configuration: a command, a terminal, a forwarding whose port is in use", async () => {
  await using other = await makeLaptop(host.sshConfig);
  await other.configureSsh(`Host ${host.name}
  RemoteCommand tmux new-session -A
  RequestTTY yes`);
  const { hints } = await expectRefused(other, ["up", login("asker")], "HOST_NO_SHELL", /nobody else/);
  expect(hints[0]).toBe(`ssh -o RemoteCommand=none -T ${login("asker")} 'echo it works'`);
  expect((await other.bash(`${hints[0]} || true`)).stdout).toContain("nobody else");
  await other.configureSsh(`Host ${host.name}
  ExitOnForwardFailure yes
  RemoteForward 22 127.0.0.1:1`);
  const { status, stdout, stderr } = await other.tetherdock(["up", login("core"), "--dry-run"]);
  expect({ status, stderr }, stdout + stderr).toEqual({ status: 0, stderr: "" });
  expect(stdout).toContain("restart docker.service");
});

test("the host is as before", async () => {
  expect((await host.fingerprint()).replaceAll(/^\/etc\/(passwd|shadow)-? .*\n/gm, "")).toBe(
    before.replaceAll(/^\/etc\/(passwd|shadow)-? .*\n/gm, ""),
  );
});

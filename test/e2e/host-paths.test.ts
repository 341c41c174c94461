/** What lies at the paths that a plan writes: links are written through, and what others could change is refused. */
import { expect, test } from "vitest";
import type { ErrorCode } from "../../src/base/index.ts";
import { bootHost, type Host } from "../support/host.ts";
import { makeLaptop } from "../support/laptop.ts";
import { expectRefused } from "../support/refusal.ts";
import { destinationOf, upAndDown } from "../support/up-and-down.ts";

const MANAGED = "/opt/config/docker/daemon.json";

async function linkIsKept(host: Host): Promise<void> {
  const shown = await host.root(
    `stat -c '%F %a %U:%G %N' /etc/docker/daemon.json /etc/docker/managed; stat -c '%F %a %U:%G' ${MANAGED}`,
  );
  expect(shown.trim().split("\n")).toEqual([
    "symbolic link 777 root:root '/etc/docker/daemon.json' -> 'managed/daemon.json'",
    "symbolic link 777 root:root '/etc/docker/managed' -> '/opt/config/docker'",
    "regular file 640 root:adm",
  ]);
  const write = await host.ssh("echo '{}' >>/etc/docker/daemon.json", { user: "plain" });
  expect(write.status, "a plain user writes to what dockerd reads").not.toBe(0);
}

test("daemon.json is a link to a link: up changes the target, keeps owner and mode, and down restores it", async () => {
  await upAndDown({
    flavour: "debian",
    state: "daemon-json-symlink",
    finds: ["critical api-without-tls IP:2375"],
    openPort: 2375,
    before: linkIsKept,
    meanwhile: linkIsKept,
  });
});

const JSON_TEXT = '{ "hosts": ["fd://", "tcp://0.0.0.0:2375"] }';
const json = (path: string) => `mkdir -p "$(dirname ${path})"; echo '${JSON_TEXT}' >${path}`;

interface Case {
  readonly name: string;
  /** Makes it so, as root. */
  readonly make: string;
  readonly undo: string;
  readonly code: ErrorCode;
  readonly says: RegExp;
}

const PLAIN = "/home/plain/daemon.json";
const ETC = "/etc/docker/daemon.json";
const away = `rm -f ${ETC}`;

const cases: readonly Case[] = [
  {
    name: "a link into a user's home",
    make: `${json(PLAIN)}; chown plain: ${PLAIN}; ln -sfn ${PLAIN} ${ETC}`,
    undo: `${away} ${PLAIN}`,
    code: "HOST_PATH_UNSAFE",
    says: /\/home\/plain, on the way to .*, belongs to plain/,
  },
  {
    name: "a file that everybody may write",
    make: `${json(ETC)}; chmod 666 ${ETC}`,
    undo: away,
    code: "HOST_PATH_UNSAFE",
    says: /daemon\.json may be written by everybody/,
  },
  {
    name: "a directory of somebody else",
    make: `${json(ETC)}; chown plain: /etc/docker`,
    undo: `${away}; chown root: /etc/docker`,
    code: "HOST_PATH_UNSAFE",
    says: /\/etc\/docker, on the way to .* belongs to plain/,
  },
  {
    name: "a link to a file below /tmp",
    make: `${json("/tmp/daemon.json")}; ln -sfn /tmp/daemon.json ${ETC}`,
    undo: `${away} /tmp/daemon.json`,
    code: "HOST_PATH_UNSAFE",
    says: /\/tmp, on the way to .*, may be written by everybody/,
  },
  {
    name: "a journal that somebody else could change",
    make: "mkdir /var/lib/tetherdock; chown plain: /var/lib/tetherdock",
    undo: "rmdir /var/lib/tetherdock",
    code: "HOST_PATH_UNSAFE",
    says: /\/var\/lib\/tetherdock, on the way to .* belongs to plain/,
  },
  {
    name: "a further hard link",
    make: `${json(ETC)}; ln ${ETC} /etc/docker/other.json`,
    undo: `${away} /etc/docker/other.json`,
    code: "HOST_PATH_UNUSABLE",
    says: /has 2 hard links/,
  },
  {
    name: "an immutable file",
    make: `${json(ETC)}; chattr +i ${ETC}`,
    undo: `chattr -i ${ETC}; ${away}`,
    code: "HOST_PATH_UNUSABLE",
    says: /is immutable or read-only/,
  },
  {
    name: "a file that is mounted there",
    make: `${json("/root/daemon.json")}; : >${ETC}; mount --bind /root/daemon.json ${ETC}`,
    undo: `umount ${ETC}; ${away} /root/daemon.json`,
    code: "HOST_PATH_UNUSABLE",
    says: /is mounted there/,
  },
  {
    name: "a pipe where the CA's certificate goes",
    make: "mkdir /etc/tetherdock; mkfifo /etc/tetherdock/ca.pem",
    undo: "rm -r /etc/tetherdock",
    code: "HOST_PATH_UNUSABLE",
    says: /is a device, a pipe or a socket/,
  },
  {
    name: "a link to nothing where the drop-in goes",
    make: "d=/etc/systemd/system/docker.service.d; mkdir -p $d; ln -s /opt/none $d/zz-tetherdock.conf",
    undo: "rm -r /etc/systemd/system/docker.service.d",
    code: "HOST_PATH_UNUSABLE",
    says: /it is a link to \/opt\/none, which does not exist/,
  },
];

test("files that others can change, or that cannot be replaced, are refused before anything changes", async () => {
  await using host = await bootHost({ name: "paths" });
  await using laptop = await makeLaptop(host.sshConfig);
  for (const { name, make, undo, code, says } of cases) {
    await host.root(make);
    const before = await host.fingerprint();
    await expectRefused(laptop, ["up", destinationOf(host), "--yes"], code, says);
    expect(await host.fingerprint(), name).toBe(before);
    await host.root(undo);
  }
});

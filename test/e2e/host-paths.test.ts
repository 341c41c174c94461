/** What lies at the paths that a plan writes: links are written through, and what others could change is refused. */
import { expect, test } from "vitest";
import type { Host } from "../support/host.ts";
import { upAndDown } from "../support/up-and-down.ts";

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

test("daemon.json is a link, by way of another: what it leads to is changed, with its owner and mode, and put back", async () => {
  await upAndDown({
    flavour: "debian",
    state: "daemon-json-symlink",
    finds: ["critical api-without-tls IP:2375"],
    openPort: 2375,
    before: linkIsKept,
    meanwhile: linkIsKept,
  });
});

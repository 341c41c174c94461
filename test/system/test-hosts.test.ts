/** The scripts that make the test hosts, where several of them run at once. */
import { mkdir, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, expect, test } from "vitest";
import { run } from "../support/run.ts";

const COMMANDS = fileURLToPath(new URL("../hosts/lib/commands.sh", import.meta.url));

const home = await mkdtemp(join(tmpdir(), "tetherdock-test-hosts-"));
afterAll(() => rm(home, { recursive: true }));

test("the network stays as long as one host is there, whatever others come and go", async () => {
  await mkdir(join(home, "vps/stays"), { recursive: true });
  const script = `VPS_HOME=$1; . "$2"
    lock_all() { :; }; unlock_all() { :; }; drop_net() { dropped=$((dropped + 1)); }
    dropped=0
    touch "$VPS_HOME/busy"
    while [ -e "$VPS_HOME/busy" ]; do mkdir "$VPS_HOME/vps/goes"; rmdir "$VPS_HOME/vps/goes"; done &
    for _ in $(seq 2000); do maybe_drop_net; done
    rm "$VPS_HOME/busy"; wait
    echo "$dropped"
    rm -r "$VPS_HOME/vps"; maybe_drop_net
    echo "$dropped"`;
  expect(await run(["bash", "-c", script, "bash", home, COMMANDS])).toMatchObject({
    status: 0,
    stdout: "0\n1\n",
  });
});

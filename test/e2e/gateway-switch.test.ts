/** One line, served by dockerd itself and by a gateway in turn: who had a certificate keeps it. */
import { expect, test } from "vitest";
import { LONG_TIMEOUT } from "../support/cut-stage.ts";
import { expectProven, overLine } from "../support/expect-proven.ts";
import { bootHost, type Flavour } from "../support/host.ts";
import { makeLaptop } from "../support/laptop.ts";
import { treeOf } from "../support/tree.ts";
import { daemonRun, destinationOf } from "../support/up-and-down.ts";

const CLIENTS = "/var/lib/private/tetherdock-gateway/clients.json";
const BEN = { name: "ben", fingerprint: "b".repeat(64), role: "viewer", state: "revoked", expires: null };

test.for<Flavour>(["coreos", "upstream"])(
  "on %s: native, gateway, native, gateway, down",
  LONG_TIMEOUT,
  async (flavour) => {
    await using host = await bootHost({ name: "switch", flavour });
    await using laptop = await makeLaptop(host.sshConfig);
    await using other = await makeLaptop(host.sshConfig);
    const before = await host.fingerprint();
    const up = async (...flags: readonly string[]) => {
      const { status, stdout, stderr } = await laptop.tetherdock([
        "up",
        destinationOf(host),
        "--name=web",
        "--yes",
        ...flags,
      ]);
      expect({ status, stdout }, stderr).toEqual({ status: 0, stdout: "" });
      return stderr;
    };
    /** What a client has, and what it knows the host by. */
    const identity = async () => [
      await treeOf(`${laptop.home}/lines/web/docker`),
      await host.root("sha256sum /etc/tetherdock/server-key.pem /etc/tetherdock/server-cert.pem"),
    ];
    const clients = async () => JSON.parse(await host.root(`cat ${CLIENTS}`)).clients;

    await up();
    const same = await identity();
    await up("--gateway");
    await expectProven(laptop, host, "web", "gateway");
    expect(await identity()).toEqual(same);
    const [operator, ...none] = await clients();
    expect([operator, none]).toMatchObject([{ role: "admin", state: "active" }, []]);

    const run = await daemonRun(host);
    expect(await up(), "the mode stays").toMatch(/nothing to do\n$/);
    await host.root(
      `cat >${CLIENTS} <<'END'\n${JSON.stringify({ version: 1, clients: [operator, BEN] })}\nEND\n`,
    );
    expect(await up("--gateway")).toMatch(/nothing to do\n$/);
    expect(await daemonRun(host)).toBe(run);

    const freed = await up("--native");
    expect(freed).toContain("the certificates of ben give root access");
    await expectProven(laptop, host, "web");
    expect(await identity()).toEqual(same);
    expect(
      await host.root("systemctl list-units --all --no-legend 'tetherdock-gateway*'; ls /opt/tetherdock/bin"),
    ).toBe("");
    await up("--gateway");
    expect(await clients(), "whoever was revoked still is").toEqual([operator, BEN]);
    expect(await identity()).toEqual(same);

    const refused = await other.tetherdock(["up", destinationOf(host), "--gateway", "--yes", "--json"]);
    expect(JSON.parse(refused.stdout)).toMatchObject({ error: { code: "HOST_HAS_LINE" } });
    expect(await overLine(laptop, "web", ["ps"])).toMatchObject({ status: 0 });
    const dry = await laptop.tetherdock(["down", "web", "--dry-run"]);
    expect(dry.stdout).toMatch(/this deletes the gateway.s audit log.*\n.*tar -cz -C \/var\/log\/private/);
    const down = await other.tetherdock(["down", destinationOf(host), "--yes"]);
    expect(down, down.stderr).toMatchObject({ status: 0 });
    expect(await host.fingerprint()).toBe(before);
  },
);

test("a new address of the host, once you name it: a new certificate, and streams continue", async () => {
  await using host = await bootHost({ name: "gains" });
  await using laptop = await makeLaptop(host.sshConfig);
  const up = async (...flags: readonly string[]) => {
    const output = await laptop.tetherdock(["up", destinationOf(host), "--yes", ...flags]);
    expect(output.status, output.stderr).toBe(0);
    return output.stderr;
  };
  const running = () => host.root("systemctl show -p InvocationID tetherdock-gateway.service docker.service");
  await up("--gateway");
  const before = await running();
  const watching = ["--", "/usr/bin/docker", "events", "--format", "{{.Type}} {{.Action}}"];
  await using events = laptop.start(["run", "--line", host.name, ...watching]);
  const seen = async (what: string) => {
    const from = events.text.length;
    // The watcher may not be there yet: only what comes later counts.
    await expect
      .poll(
        async () => {
          await host.root(`docker network create ${what} >/dev/null; docker network rm ${what} >/dev/null`);
          return events.text.slice(from);
        },
        { timeout: 20_000 },
      )
      .toContain("network create");
  };
  await seen("one");

  const gained = host.ip.replace(/\d+$/, (last) => String(Number(last) + 100));
  await host.root(`ip addr add ${gained}/24 dev host0`);
  expect(await up(), "nothing is signed for what only the host says").not.toContain("reload the gateway");
  expect(await up("--san", gained)).toMatch(/^ {2}reload the gateway$/m);
  const dial = ["-H", `tcp://${gained}:2376`, "version", "-f", "{{.Server.Version}}"];
  expect(await overLine(laptop, host.name, dial)).toMatchObject({ status: 0, stderr: "" });
  await seen("two");
  expect(await running()).toBe(before);
});

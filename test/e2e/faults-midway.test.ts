/** The laptop goes while a step is still running on the host, or goes silent without a word. */
import { expect, test } from "vitest";
import { type CutStage, LONG_TIMEOUT, makeCutStage } from "../support/cut-stage.ts";
import { cutAt, cutBySilence, returnsTo } from "../support/cuts.ts";

/** `up` on a connection that falls silent when docker has restarted. */
const laptopSilent = ({ laptop, up, count, host }: CutStage, within: string) =>
  laptop.start([...up, within], { env: cutAt(count - 1, cutBySilence(host)) });

/** For the host: waits until so many connections have fallen silent, both ways. */
const fallen = (count: number) =>
  `until [ "$(iptables -S OUTPUT | grep -c -- --dport)" = ${count} ]; do sleep 0.1; done`;

test("killed while docker restarts, up again at once: first undone, then done", LONG_TIMEOUT, async () => {
  await using stage = await makeCutStage({ flavour: "debian" });
  await using up = stage.laptop.start(stage.up);
  await stage.host.root("until test -e /var/lib/tetherdock/0001/restarting; do sleep 0.01; done");
  up.kill("SIGKILL");
  const said = await stage.expectUp("after a kill while docker restarted");
  expect(said).toContain("line web is up\n");
  await stage.expectDown("after a kill while docker restarted");
});

test(
  "a connection that falls silent: neither the host nor another terminal waits for it",
  LONG_TIMEOUT,
  async () => {
    await using stage = await makeCutStage({ flavour: "debian" });
    await stage.measure();
    await using first = laptopSilent(stage, "--confirm-within=30s");
    await stage.host.root(fallen(1));
    const said = await stage.expectUp("beside a silent connection");
    expect(said).toContain("waiting until it is confirmed or undone");
    first.kill("SIGKILL");
    await stage.expectDown("beside a silent connection");
  },
);

test(
  "commands sent before the silence that arrive later do not touch somebody else's change",
  LONG_TIMEOUT,
  async () => {
    await using stage = await makeCutStage({ flavour: "debian" });
    await stage.measure();
    const { host, before } = stage;
    const owner = "cut -d' ' -f1 /var/lib/tetherdock/0001/owner";
    await using first = laptopSilent(stage, stage.within);
    await host.root(fallen(1));
    const late = (await host.root(owner)).trim();
    expect(await returnsTo(host, before, stage.settledWithinMs)).toBe(true);
    // It gives up, too, and says into the silence that everything is to be put back.
    await first.until(/put everything back\n/);

    await using second = laptopSilent(stage, "--confirm-within=5m");
    await host.root(fallen(2));
    expect((await host.root(owner)).trim()).not.toBe(late);
    // The first one's network is back, and with it what was on the way; then its shell ends.
    await host.root("iptables -D INPUT 2; iptables -D OUTPUT 2");
    await first.ended;
    await host.root(`while [ -d /proc/${late} ]; do sleep 0.1; done`);
    expect(await host.root("ls /var/lib/tetherdock/0001")).toMatch(/^pending$/m);
    expect(await host.root("systemctl is-active docker tetherdock-undo.timer")).toBe("active\nactive\n");
    second.kill("SIGKILL");
    await host.root("iptables -D INPUT 1; iptables -D OUTPUT 1");
    await stage.expectUp("after something that came late");
    await stage.expectDown("after something that came late");
  },
);

/** The laptop goes while a step is still running on the host, or goes silent without a word. */
import { expect, test } from "vitest";
import { makeCutStage, PATIENT } from "../support/cut-stage.ts";
import { cutAt, cutBySilence, returnsTo } from "../support/cuts.ts";

test("killed while docker restarts, up again at once: first put back, then done", PATIENT, async () => {
  await using stage = await makeCutStage({ flavour: "debian" });
  await using up = stage.laptop.start(stage.up);
  await stage.host.root("until test -e /var/lib/tetherdock/0001/restarting; do sleep 0.01; done");
  up.kill("SIGKILL");
  const said = await stage.expectUp("after a kill while docker restarted");
  expect(said).toContain("line web is up\n");
  await stage.expectDown("after a kill while docker restarted");
});

test("a connection that falls silent: the host does not wait for it", PATIENT, async () => {
  await using stage = await makeCutStage({ flavour: "debian" });
  await stage.measure();
  const { host, laptop, before } = stage;
  const silent = cutAt(stage.count - 1, cutBySilence(host));
  const hasFallen = "until iptables -S INPUT | grep -q -- --sport; do sleep 0.1; done";

  await using alone = laptop.start([...stage.up, stage.within], { env: silent });
  await host.root(hasFallen);
  expect(await returnsTo(host, before, stage.settledWithinMs)).toBe(true);
  alone.kill("SIGKILL");
  await host.root("iptables -D INPUT 1; iptables -D OUTPUT 1");

  // Again, and another terminal does not wait for the first to notice. Time enough for it to begin on a busy machine.
  await using first = laptop.start([...stage.up, "--confirm-within=30s"], { env: silent });
  await host.root(hasFallen);
  const said = await stage.expectUp("beside a silent connection");
  expect(said).toContain("waiting until it is confirmed or undone");
  first.kill("SIGKILL");
  await stage.expectDown("beside a silent connection");
});

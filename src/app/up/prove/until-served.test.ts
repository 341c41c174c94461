import { expect, test } from "vitest";
import { inTheClear, letIn, PROVEN } from "../../../../test/support/app/fake-outside.ts";
import { preparedFor, upWorld } from "../../../../test/support/app/up-world.ts";
import { issueServer, makeKeyPair } from "../../../pki/index.ts";
import { untilServed } from "./until-served.ts";

/** A gateway that serves an old certificate to the first clients. */
async function served(oldAnswers: number) {
  const world = upWorld();
  const { line, identity, names } = await preparedFor(world);
  const issue = () =>
    issueServer(identity.authority, {
      publicKey: makeKeyPair().publicKey,
      names: names.named,
      now: world.ports.clock(),
    });
  const [before, after] = [await issue(), await issue()];
  const { came } = world.outside;
  world.outside.table = { ...PROVEN, line: () => letIn(came.length > oldAnswers ? after : before) };
  await untilServed(world.ports, line, identity, after);
  for (const { who, endpoint } of came)
    expect([who, endpoint]).toEqual(["line", { host: line.address, port: line.port }]);
  return { probes: came.length, waitedMs: world.ports.timer.now() };
}

test("waits until the new certificate is served", async () => {
  expect(await served(0)).toEqual({ probes: 1, waitedMs: 0 });
  expect(await served(3)).toEqual({ probes: 4, waitedMs: 300 });
});

test("an answer without TLS is no certificate", async () => {
  const world = upWorld();
  const { line, identity } = await preparedFor(world);
  world.outside.table = { ...PROVEN, line: inTheClear };
  await untilServed(world.ports, line, identity, identity.certificate);
  expect(world.ports.timer.now()).toBe(5_000);
});

test("gives up after five seconds, and leaves the judgement to the proof", async () => {
  expect(await served(Number.POSITIVE_INFINITY)).toEqual({ probes: 50, waitedMs: 5_000 });
});

/** An `up` whose files are all in place: whether the engine that runs was started with them, only a proof tells. */
import { expect, test } from "vitest";
import { carriedOut } from "../../../test/support/app/carried-out.ts";
import { alert, letIn, PROVEN } from "../../../test/support/app/fake-outside.ts";
import { upRequest, upWorld } from "../../../test/support/app/up-world.ts";
import { up } from "./up.ts";

test.each([
  ["lets everybody in", { none: letIn }],
  ["does not let the line in", { line: alert }],
])("an engine that %s runs with older files: docker is restarted", async (_what, seen) => {
  const world = upWorld();
  const { prepared } = await up(world.ports, upRequest());
  world.host.state = carriedOut(world.host, prepared);
  world.host.ran.length = 0;
  const { ran } = world.host;
  world.host.onRun = (kind) => {
    if (kind === "restart-docker") world.outside.table = PROVEN;
  };
  world.outside.table = { ...PROVEN, ...seen };
  expect(await up(world.ports, upRequest())).toMatchObject({ kind: "proven", changed: true });
  expect(ran).toContain("restart-docker");
});

test("one that the laptop knew under another port or address is written anew, without a question", async () => {
  const world = upWorld();
  const { prepared } = await up(world.ports, upRequest());
  world.host.state = carriedOut(world.host, prepared);
  world.asked.length = 0;
  const result = await up(world.ports, upRequest({ destination: "root@198.51.100.4" }));
  expect(result).toMatchObject({ changed: false, outcome: { restartMs: null } });
  expect(world.asked).toEqual([]);
  expect((await world.lines.read("vps")).target).toBe("root@198.51.100.4");
});

/** An `up` with all files in place: only a proof shows whether the running engine was started with them. */
import { expect, test } from "vitest";
import { carriedOut } from "../../../test/support/app/carried-out.ts";
import { alert, letIn, PROVEN, refused } from "../../../test/support/app/fake-outside.ts";
import { OPERATOR, upRequest, upWorld } from "../../../test/support/app/up-world.ts";
import { TetherdockError } from "../../base/index.ts";
import { GATEWAY_CLIENTS } from "../../facts/index.ts";
import { up } from "./up.ts";

test.each([
  ["lets everybody in", { none: letIn }],
  ["does not let the line in", { line: alert }],
])("an engine that %s runs with older files, so docker is restarted", async (_what, seen) => {
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

test("the operator is added to the gateway's list, which is otherwise unchanged", async () => {
  const world = upWorld();
  const { prepared } = await up(world.ports, upRequest({ gateway: true }));
  const ben = { name: "ben", fingerprint: "b".repeat(64), role: "viewer", state: "active", expires: null };
  const state = carriedOut(world.host, prepared);
  const list = {
    path: GATEWAY_CLIENTS,
    mode: "600",
    owner: "0:0",
    text: JSON.stringify({ version: 1, clients: [ben] }),
  };
  world.host.state = {
    ...state,
    ours: { ...state.ours, files: new Map([...state.ours.files, [GATEWAY_CLIENTS, list]]) },
  };
  const again = await up(world.ports, upRequest({ dryRun: true }));
  const written = again.prepared.plan.changes.find(({ path }) => path === GATEWAY_CLIENTS);
  const { clients } = JSON.parse(written?.kind === "write" ? written.after : "{}");
  expect(clients).toMatchObject([ben, { name: OPERATOR, role: "admin" }]);
});

test.each([{ destination: "core@vps" }, { destination: undefined, local: true }])(
  "a failed connection keeps its error, and gets no hint without a line of that name: %j",
  async (over) => {
    const world = upWorld();
    for (const thrown of [
      new TetherdockError("SSH_REFUSED", "no"),
      new TetherdockError("SUDO_DENIED", "no"),
      new Error("x"),
    ]) {
      Object.assign(world, { unreachable: thrown });
      const error = await up(world.ports, upRequest(over)).catch((one: unknown) => one);
      expect(error).toMatchObject({ message: thrown.message });
      if (!(thrown instanceof TetherdockError)) expect(error).toBe(thrown);
      else expect(error).toMatchObject({ code: thrown.code, hints: [] });
    }
  },
);

test("a host at another destination: the line is updated without a question", async () => {
  const world = upWorld();
  const { prepared } = await up(world.ports, upRequest());
  world.host.state = carriedOut(world.host, prepared);
  world.asked.length = 0;
  const result = await up(world.ports, upRequest({ destination: "root@198.51.100.4" }));
  expect(result).toMatchObject({ changed: false, outcome: { restartMs: null } });
  expect(world.asked).toEqual([]);
  expect((await world.lines.read("vps")).target).toBe("root@198.51.100.4");
});

test("a line on whose port nothing listens any more: the hint is about docker's unit", async () => {
  const world = upWorld();
  const { prepared } = await up(world.ports, upRequest());
  world.host.state = carriedOut(world.host, prepared);
  world.outside.elsewhere.set("192.0.2.7", refused);
  world.host.reach = "";
  await expect(up(world.ports, upRequest())).rejects.toMatchObject({
    code: "NOT_REACHABLE",
    hints: [expect.stringContaining("docker.service")],
  });
});

test("a healthy host that is known: it signs once, and there is nothing to report", async () => {
  const world = upWorld();
  await up(world.ports, upRequest({ dryRun: true }));
  expect(world.events).toEqual([]);
  const { prepared } = await up(world.ports, upRequest());
  world.host.state = carriedOut(world.host, prepared);
  world.host.ran.length = 0;
  world.events.length = 0;
  await up(world.ports, upRequest());
  expect([world.host.ran, world.events]).toEqual([["facts", "sign"], []]);
});

/** The inspection from inside: what runs on the host, and what is said where there is none. */
import { expect, test } from "vitest";
import { failureOf } from "../../../test/support/app/change.ts";
import { countingRandom } from "../../../test/support/app/counting-random.ts";
import { VisitWorld } from "../../../test/support/app/visit-world.ts";
import { TetherdockError } from "../../base/index.ts";
import { lookInside } from "./look-inside.ts";
import type { Target } from "./target.ts";

const target = (over: Partial<Target> = {}): Target => ({
  ...{ name: "vps", line: null, way: "core@vps", host: "192.0.2.7", only: null },
  ...over,
});

/** A host, and the scripts that run on it. */
function stage() {
  const world = new VisitWorld();
  const scripts: string[] = [];
  const { open } = world.ports;
  const ports = {
    random: countingRandom(),
    open: async (way: string | null) => {
      const opened = await open(way);
      const run: typeof opened.shell.run = (script, ms) => {
        scripts.push(script);
        return opened.shell.run(script, ms);
      };
      return { ...opened, shell: { ...opened.shell, run } };
    },
  };
  return { world, ports, scripts };
}

test("each inspection has a marker of its own, so that nothing on the host can print one in advance", async () => {
  const { ports, scripts } = stage();
  const markers = async () => {
    scripts.splice(0);
    await lookInside(ports, target(), undefined);
    return scripts.map((script) => /\\n((?:facts|inside)-[^ ]+) /.exec(script)?.[1]);
  };
  const [first, second] = [await markers(), await markers()];
  expect(first).toEqual([
    expect.stringMatching(/^facts-uuid-\d+$/),
    expect.stringMatching(/^inside-uuid-\d+$/),
  ]);
  expect(new Set([...first, ...second]).size).toBe(4);
});

test("no way in: an error with --ssh, else a reason", async () => {
  const { ports, world } = stage();
  expect(await lookInside(ports, target({ way: undefined }), undefined)).toEqual({
    ...{ inside: null, missing: "not inspected from inside: only an address is known" },
  });
  expect(await failureOf(lookInside(ports, target({ way: undefined }), true))).toMatchObject({
    ...{ code: "USAGE", message: "no ssh destination is known for vps" },
    hints: ["tetherdock doctor user@host"],
  });
  expect(await lookInside(ports, target(), false)).toEqual({
    ...{ inside: null, missing: "not inspected from inside: --no-ssh" },
  });
  expect(world.opened).toEqual([]);
});

test("ssh fails: the reason is the error with the first of its causes", async () => {
  const { ports, world } = stage();
  world.unreachable = new TetherdockError("SSH_FAILED", "no", { why: ["first", "second"] });
  expect(await lookInside(ports, target(), undefined)).toEqual({
    ...{ inside: null, missing: "not inspected from inside: no: first" },
  });
  world.unreachable = new Error("a bug");
  await expect(lookInside(ports, target(), undefined)).rejects.toBe(world.unreachable);
});

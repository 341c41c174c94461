/** What is deleted on the laptop: the line, its contexts, and where docker commands go afterwards. */
import { describe, expect, test } from "vitest";
import { failureOf } from "../../../test/support/app/change.ts";
import {
  downRequest,
  downWorld,
  keepContext,
  OTHER,
  told,
  VPS,
} from "../../../test/support/app/down-world.ts";
import { hostFacts } from "../../../test/support/host-facts.ts";
import { TetherdockError } from "../../base/index.ts";
import { down } from "./down.ts";

async function withContexts(current?: string) {
  const world = downWorld();
  await keepContext(world, "vps", VPS);
  await keepContext(world, "second", VPS);
  await keepContext(world, "other", OTHER);
  world.contexts.currentName = current;
  return world;
}

const LOCAL = "unix:///var/run/docker.sock";

test("all contexts of the line are removed, and no others", async () => {
  const world = await withContexts("other");
  const { laptop } = await down(world.ports, downRequest({ yes: true }));
  expect(laptop).toEqual({
    ...{ line: "vps", contexts: ["vps", "second"], lost: null, fleets: [], hostStays: false },
  });
  expect([...world.contexts.kept.keys()]).toEqual(["other"]);
  expect(world.contexts.currentName).toBe("other");
});

test("the plan names the fleets of this machine that have the host", async () => {
  const { ports } = downWorld();
  const fleetsWith = async (line: string) => (line === "vps" ? ["acme"] : []);
  expect(await down({ ...ports, fleetsWith }, downRequest({ dryRun: true }))).toMatchObject({
    laptop: { fleets: ["acme"] },
  });
});

describe("the current docker context is removed", () => {
  test("the plan says where docker commands will go, and a notice repeats it afterwards", async () => {
    const world = await withContexts("second");
    await down(world.ports, downRequest());
    const lost = { name: "second", engine: LOCAL, override: null };
    expect(world.events).toMatchObject([
      { kind: "plan", preview: { laptop: { lost } } },
      { id: "context-removed", name: "vps", lost: null },
      { id: "context-removed", name: "second", lost },
    ]);
    expect(world.contexts.currentName).toBe(undefined);
  });

  test("--forget and --dry-run report it too", async () => {
    const world = await withContexts("vps");
    const planned = await down(world.ports, downRequest({ dryRun: true }));
    expect(planned.laptop?.lost).toMatchObject({ engine: LOCAL });
    expect(world.contexts.currentName).toBe("vps");
    await down(world.ports, downRequest({ forget: true }));
    expect(world.events).toMatchObject([
      { kind: "plan", preview: { laptop: { lost: { engine: LOCAL } } } },
      { id: "context-removed", lost: { engine: LOCAL } },
      { id: "context-removed", lost: null },
    ]);
    expect(world.opened).toHaveLength(1);
  });

  test("a variable that overrides it is reported: $DOCKER_HOST before $DOCKER_CONTEXT", async () => {
    const world = await withContexts("vps");
    Object.assign(world.env, { DOCKER_CONTEXT: "other", DOCKER_HOST: "tcp://192.0.2.7:2376" });
    const { laptop } = await down(world.ports, downRequest({ dryRun: true }));
    expect(laptop?.lost?.override).toEqual({ variable: "DOCKER_HOST", value: "tcp://192.0.2.7:2376" });
    delete world.env["DOCKER_HOST"];
    const again = await down(world.ports, downRequest({ dryRun: true }));
    expect(again.laptop?.lost?.override).toEqual({ variable: "DOCKER_CONTEXT", value: "other" });
  });
});

describe("--forget", () => {
  test("does not connect to the host, and shows what is lost before it asks", async () => {
    const world = await withContexts();
    let before: readonly unknown[] = [];
    world.answer = () => {
      before = [...told(world), world.lines.kept.size];
      return true;
    };
    await down(world.ports, downRequest({ forget: true }));
    expect([world.opened, world.host.ran]).toEqual([[], []]);
    expect(world.asked).toEqual([{ kind: "forget", line: "vps" }]);
    expect(before).toEqual(["plan", 2]);
    expect(world.events.at(0)).toMatchObject({ preview: { plan: null, laptop: { hostStays: true } } });
    expect([...world.lines.kept.keys()]).toEqual(["other"]);
  });
  test("asks nothing with --yes", async () => {
    const world = await withContexts();
    await down(world.ports, downRequest({ forget: true, yes: true }));
    expect(world.asked).toEqual([]);
    expect([...world.lines.kept.keys()]).toEqual(["other"]);
  });
  test("deletes nothing without a yes, nor after Ctrl-C", async () => {
    for (const isInterrupted of [false, true]) {
      const world = await withContexts();
      world.answer = () => {
        if (isInterrupted) world.interrupt();
        return isInterrupted;
      };
      const error = await failureOf(down(world.ports, downRequest({ forget: true })));
      expect(error).toMatchObject({ code: "INTERRUPTED" });
      expect([world.lines.kept.size, world.contexts.kept.size]).toEqual([2, 3]);
    }
  });
  test("accepts the destination the line was made with", async () => {
    const { ports, lines } = await withContexts();
    await down(ports, downRequest({ argument: "core@vps", forget: true }));
    expect([...lines.kept.keys()]).toEqual(["other"]);
  });
  test("with --dry-run deletes nothing", async () => {
    const { ports, lines } = await withContexts();
    const { laptop } = await down(ports, downRequest({ forget: true, dryRun: true }));
    expect(laptop).toMatchObject({ line: "vps", contexts: ["vps", "second"] });
    expect(lines.kept.has("vps")).toBe(true);
  });
});

describe("if the line cannot be deleted", () => {
  test("the error says that the host was restored, and the hint deletes the line", async () => {
    const world = await withContexts();
    world.lines.onWrite = () => {
      throw new TetherdockError("FILE_FAILED", "the disk is full");
    };
    expect(await failureOf(down(world.ports, downRequest({ yes: true })))).toMatchObject({
      code: "FILE_FAILED",
      why: ["the host was restored, but this machine still has the line"],
      hints: ["tetherdock down vps --forget"],
    });
    expect(world.host.ran).toContain("undo-all");
  });

  test("the error says so if there was nothing to undo on the host", async () => {
    const world = await withContexts();
    world.host.state = hostFacts();
    world.lines.onWrite = () => {
      throw new TetherdockError("FILE_FAILED", "the disk is full");
    };
    expect(await failureOf(down(world.ports, downRequest({ yes: true, acceptHost: "vps" })))).toMatchObject({
      code: "FILE_FAILED",
      why: ["there was nothing to undo on the host, but this machine still has the line"],
    });
  });

  test("with --forget the error says nothing about the host; a bug is passed on as it is", async () => {
    for (const [thrown, forget] of [
      [new TetherdockError("FILE_FAILED", "the disk is full"), true],
      [new Error("a bug"), true],
      [new Error("a bug"), false],
    ] as const) {
      const world = await withContexts();
      world.lines.onWrite = () => {
        throw thrown;
      };
      expect(await failureOf(down(world.ports, downRequest({ yes: true, forget })))).toBe(thrown);
    }
  });

  test("an unreadable docker configuration is an error before the host changes", async () => {
    const world = await withContexts("vps");
    Object.assign(world.contexts, {
      current: async () => {
        throw new TetherdockError("DOCKER_CONFIG_BROKEN", "cannot read it");
      },
    });
    expect(await failureOf(down(world.ports, downRequest({ yes: true })))).toMatchObject({
      code: "DOCKER_CONFIG_BROKEN",
    });
    expect(world.host.ran).not.toContain("undo-all");
  });
});

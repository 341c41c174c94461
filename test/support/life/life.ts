/** The daily life of the docker CLI over a line, the same on every flavour of host. */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { LineMode } from "../../../src/line/index.ts";
import { bootHost, type Flavour, type Host } from "../host.ts";
import { type Laptop, makeLaptop } from "../laptop.ts";
import type { Running } from "../running.ts";
import { builds } from "./builds.ts";
import { composes } from "./composes.ts";
import { containers } from "./containers.ts";
import { copies } from "./copies.ts";
import { reaches } from "./reaches.ts";
import { openShell, type Shell } from "./shell.ts";
import { streams } from "./streams.ts";
import { terminals } from "./terminals.ts";
import { byContext, evaluated, type Way, ways } from "./ways.ts";

/** Which tests, and how the line is served. */
export interface Life {
  readonly mode?: LineMode;
  /** The ways for the docker CLI. */
  readonly by?: readonly Way[];
  /** The ways for compose and large copies. */
  readonly heavy?: readonly Way[];
}

/** Registers all of them as tests, on one shared host. */
export function describeLife(flavour: Flavour, life: Life = {}): void {
  const { mode = "native", by: all = ways, heavy = [evaluated, byContext] } = life;
  let host: Host;
  let laptop: Laptop;
  const shells = new Map<string, Shell>();
  let events: Running;
  const opener = (way: { readonly name: string }) => () => {
    const shell = shells.get(way.name);
    if (!shell) throw new Error(`no shell for ${way.name}`);
    return shell;
  };

  beforeAll(async () => {
    host = await bootHost({ name: `life-${mode.slice(0, 1)}-${flavour}`, flavour });
    laptop = await makeLaptop(host.sshConfig);
    await host.root("mk-tiny");
  });
  afterAll(async () => {
    await events?.[Symbol.asyncDispose]();
    await host?.[Symbol.asyncDispose]();
    await laptop?.[Symbol.asyncDispose]();
  });

  test("tetherdock up, and every way is open", async () => {
    const before = await laptop.docker(["-H", `tcp://${host.ip}:2376`, "ps"]);
    expect(before).toMatchObject({ status: 1, stderr: expect.stringContaining("Cannot connect") });
    const words = ["up", `${host.user}@${host.name}`, "--name", "web", `--${mode}`, "--yes"];
    const up = await laptop.tetherdock(words);
    expect(up).toMatchObject({ status: 0, stderr: expect.stringContaining("line web is up") });
    for (const way of all) shells.set(way.name, await openShell(laptop, host, way));
    events = opener(evaluated)().start("exec docker events");
  });

  describe.each(all)("by $name", (way) => {
    const open = opener(way);
    reaches(open);
    containers(open);
    streams(open);
    terminals(open);
    builds(open, way);
  });

  describe.each(heavy)("by $name", (way) => {
    composes(opener(way));
    copies(opener(way));
  });

  test("docker events, open since the beginning, is open still and has seen it all", async () => {
    const shell = opener(evaluated)();
    await shell.must("docker tag tiny tiny:the-end");
    await events.until(/image tag .*tiny:the-end/);
    expect(events.text).toMatch(/container create .*container die .*image tag /s);
  });
}

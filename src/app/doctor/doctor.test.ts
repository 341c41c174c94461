import { expect, test } from "vitest";
import { keepLine, seenByAll, VisitWorld } from "../../../test/support/app/visit-world.ts";
import { OPEN } from "../../../test/support/subject.ts";
import { doctor } from "./doctor.ts";
import { fix } from "./fix.ts";
import type { FixEvent } from "./ports.ts";

const request = { words: [], local: false, ssh: false, ports: [] };

/** A line whose host serves the API in the clear on 2375. */
async function openWorld(): Promise<VisitWorld> {
  const world = new VisitWorld();
  await keepLine(world.lines);
  world.endpoints.set("192.0.2.7:2375", { ...seenByAll(OPEN), offer: null });
  return world;
}

test("checks run on what was seen, and are skipped if they need what was not", async () => {
  const [report] = await doctor((await openWorld()).ports, request);
  const outcomes = new Map(report?.results.map((result) => [result.check.id, result.outcome]));
  expect(outcomes.get("api-without-tls")).toBe("failed");
  expect(outcomes.get("tls-flags-not-applied")).toBe("skipped");
  expect(outcomes.has("unlisted-admitted")).toBe(false);
});

test("--fix runs up once for a host, with its destination", async () => {
  const reports = await doctor((await openWorld()).ports, request);
  const events: FixEvent[] = [];
  const targets: (string | null)[] = [];
  await fix(
    {
      up: async (target) => {
        targets.push(target);
      },
      report: (event) => {
        events.push(event);
      },
    },
    reports,
  );
  expect(targets).toEqual(["core@vps"]);
  expect(events.at(-1)).toMatchObject({ kind: "by-up", name: "vps", target: "core@vps" });
});

test("--fix does not run up without a destination, or without anything to fix", async () => {
  const world = await openWorld();
  const byAddress = await doctor(world.ports, { ...request, words: ["192.0.2.9:2375"] });
  world.endpoints.set("192.0.2.9:2375", { ...seenByAll(OPEN), offer: null });
  const open = await doctor(world.ports, { ...request, words: ["192.0.2.9:2375"] });
  const kinds: string[] = [];
  const up = () => Promise.reject(new Error("up was called"));
  const report = ({ kind }: FixEvent) => {
    kinds.push(kind);
  };
  await fix({ up, report }, byAddress);
  expect(kinds).not.toContain("no-destination");
  await fix({ up, report }, open);
  expect(kinds.at(-1)).toBe("no-destination");
});

test("--fix stops at the first up that fails", async () => {
  const [report] = await doctor((await openWorld()).ports, request);
  if (!report) throw new Error("there is one target");
  let calls = 0;
  const failed = new Error("not proven");
  const up = async () => {
    calls += 1;
    throw failed;
  };
  await expect(fix({ up, report: () => {} }, [report, report])).rejects.toBe(failed);
  expect(calls).toBe(1);
});

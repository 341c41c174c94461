import { expect, test } from "vitest";
import { hostFacts } from "../../../test/support/host-facts.ts";
import { sampleLine } from "../../../test/support/sample-line.ts";
import type { Plan } from "../../host/index.ts";
import { createStyle } from "../output/style.ts";
import { renderPlan } from "./render-plan.ts";
import { planQuestion } from "./summarise-plan.ts";

const text = (path: string, before: string | null, after: string): Plan["changes"][number] => ({
  kind: "write",
  path,
  reason: "a reason of several words that wraps where a terminal is narrow, and nowhere else",
  before: before === null ? null : { path, mode: "644", owner: "0:0", text: before },
  after,
  mode: "644",
});
const numbered = (changed: readonly number[]): string =>
  Array.from({ length: 20 }, (_, at) => `line ${at + 1}${changed.includes(at) ? ", changed" : ""}\n`).join(
    "",
  );

const plan: Plan = {
  changes: [
    { kind: "key", path: "/etc/tetherdock/server-key.pem", reason: "made on the host, and never leaves it" },
    text("/etc/docker/daemon.json", numbered([]), numbered([1, 15])),
    {
      kind: "remove",
      path: "/etc/systemd/system/docker-tcp.socket",
      reason: "opens TCP",
      before: "[Socket]\n",
    },
  ],
  stopSockets: ["docker-tcp.socket"],
  restartSockets: [],
  restart: true,
  gateway: "none",
  fleet: "none",
  trees: [],
  warnings: ["restarting docker stops 1 running container, not started again: web"],
  exposedPorts: [2375],
  closedPorts: [2375],
};
const containers = [
  { name: "web", restart: "no" },
  { name: "db", restart: "always" },
];
const subject = { line: sampleLine(), facts: hostFacts({}, { containers }), before: null };
const show = (width: number, one: Plan = plan) =>
  renderPlan(one, subject, { style: createStyle(false), width });

test.for([60, 80, 200])("a plan, %i columns wide", async (width) => {
  const lines = show(width);
  await expect(`${lines.join("\n")}\n`).toMatchFileSnapshot(`../../../test/golden/screens/plan-${width}.txt`);
  for (const line of lines) expect(line.length, line).toBeLessThanOrEqual(width);
});

test("the summary says what happens to docker and to containers", () => {
  const rows = (one: Partial<Plan>, facts = subject.facts) =>
    renderPlan({ ...plan, ...one }, { ...subject, facts }, { style: createStyle(false), width: 200 })
      .filter((line) => /^ {2}(containers|docker|services|sends) /.test(line))
      .map((line) => line.trim().replace(/ +/g, " "));
  expect(rows({})).toEqual([
    "services stop docker-tcp.socket, restart docker",
    "containers 2 stop: 1 starts again, 1 stays stopped",
    "docker is down for a few seconds, up to 15 more while containers stop",
  ]);
  const engine = { version: "28.5.1", liveRestore: true };
  expect(rows({}, { ...subject.facts, engine }).slice(1)).toEqual([
    "containers 2 containers keep running (live-restore)",
    "docker is down for a few seconds",
  ]);
  expect(rows({}, { ...subject.facts, containers: [] })[1]).toBe("containers none is running");
  expect(rows({}, { ...subject.facts, engine: null }).slice(1)).toEqual([
    "docker is not running, and is started",
  ]);
  expect(rows({ restart: false, stopSockets: [], gateway: "restart" })).toEqual([
    "services restart the gateway",
    "docker is not restarted",
  ]);
});

test("the question repeats that docker restarts and containers stop", () => {
  expect(planQuestion(plan, subject.facts)).toBe("Docker restarts, and 2 containers stop. Carry this out?");
  expect(planQuestion(plan, { ...subject.facts, containers: [] })).toBe("Docker restarts. Carry this out?");
  expect(planQuestion({ ...plan, restart: false }, subject.facts)).toBe("Carry this out?");
});

test("text from the host moves no cursor", () => {
  const facts = { ...subject.facts, os: { id: "x", name: "evil\u001b[2J\nos" } };
  const lines = renderPlan(plan, { ...subject, facts }, { style: createStyle(false), width: 80 });
  for (const character of ["\u001b", "\n"]) expect(lines.join("")).not.toContain(character);
});

test("a file of the host that is different in tens of thousands of lines is shown whole, and at once", () => {
  const many = (indent: string) => Array.from({ length: 20_000 }, (_, at) => `${indent}${at}\n`).join("");
  const changes = [text("/etc/docker/daemon.json", many(""), many("  "))];
  const lines = renderPlan({ ...plan, changes }, subject, { style: createStyle(false), width: 80 });
  const shown = lines.map((line) => line.trim()).filter((line) => /^[-+] *\d/.test(line));
  expect([shown.length, shown[0], shown[20_000]]).toEqual([40_000, "-0", "+  0"]);
});

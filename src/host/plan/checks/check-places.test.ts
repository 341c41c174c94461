import { expect, test } from "vitest";
import { hostFacts, pathStep, rootsOwn } from "../../../../test/support/host-facts.ts";
import type { PathStep } from "../../../facts/index.ts";
import { openScript } from "../../journal/transaction.ts";
import type { Change, Plan } from "../change.ts";
import { placePlan } from "./check-places.ts";

const PATH = "/etc/docker/daemon.json";
const file = (more: Partial<PathStep> = {}) => pathStep(PATH, { type: "file", mode: 0o644, ...more });
const link = (target: string) => pathStep(PATH, { type: "link", mode: 0o777, target });
const before = { path: PATH, mode: "644", owner: "0:0", text: "{}" };
const write: Change = { kind: "write", path: PATH, before, after: "x", mode: "644", reason: "why" };

function placed(change: Change, ...steps: PathStep[]) {
  const plan = { changes: [change] } as unknown as Plan;
  return placePlan(hostFacts({}, { steps: rootsOwn(PATH, ...steps) }), plan).changes[0];
}

function refusal(change: Change, ...steps: PathStep[]): [string, string] {
  try {
    placed(change, ...steps);
  } catch (error) {
    const { code, why } = error as { code: string; why: string[] };
    return [code, why[0] ?? ""];
  }
  return ["nothing thrown", ""];
}

test("root's regular file is written in place, and so is one that does not exist", () => {
  expect(placed(write, file())).toBe(write);
  expect(placed(write)).toBe(write);
});

test("root's link is followed: the path is its target", () => {
  const target = pathStep("/opt/d.json", { type: "file", mode: 0o640 });
  expect(placed(write, link("/opt/d.json"), pathStep("/opt"), target)).toMatchObject({
    path: "/opt/d.json",
    via: PATH,
    reason: `why (${PATH} leads here)`,
  });
});

test.each<[string, PathStep[], string, RegExp]>([
  ["somebody's file", [file({ uid: 7, user: "eve" })], "HOST_PATH_UNSAFE", /belongs to eve/],
  ["everybody's file", [file({ mode: 0o666 })], "HOST_PATH_UNSAFE", /everybody/],
  [
    "somebody's directory",
    [pathStep("/etc/docker", { uid: 7, user: "eve" })],
    "HOST_PATH_UNSAFE",
    /on the way/,
  ],
  [
    "a link to nothing",
    [link("/opt/d.json"), pathStep("/opt")],
    "HOST_PATH_UNUSABLE",
    /which does not exist/,
  ],
  ["a loop", [link("daemon.json")], "HOST_PATH_UNUSABLE", /loop/],
  ["a directory", [pathStep(PATH)], "HOST_PATH_UNUSABLE", /is a directory/],
  ["a device", [file({ type: "special" })], "HOST_PATH_UNUSABLE", /is a device/],
  ["hard links", [file({ hardLinks: 2 })], "HOST_PATH_UNUSABLE", /2 hard links/],
  ["a mount", [file({ mounted: true })], "HOST_PATH_UNUSABLE", /mounted/],
  ["immutable", [file({ locked: true })], "HOST_PATH_UNUSABLE", /immutable/],
  [
    "a read-only directory",
    [pathStep("/etc/docker", { locked: true })],
    "HOST_PATH_UNUSABLE",
    /cannot be written/,
  ],
])("%s is refused", (_what, steps, code, why) => {
  const [thrown, says] = refusal(write, ...steps);
  expect(thrown).toBe(code);
  expect(says).toMatch(why);
});

test("a file to remove is not followed, but its directory must belong to root", () => {
  const remove: Change = { kind: "remove", path: PATH, before: null, reason: "" };
  expect(placed(remove, link("/home/eve/x"))).toBe(remove);
  expect(refusal(remove, pathStep("/etc/docker", { mode: 0o777 }))[0]).toBe("HOST_PATH_UNSAFE");
  expect(refusal(remove, file({ locked: true }))[0]).toBe("HOST_PATH_UNUSABLE");
});

test("a journal that somebody else could change is refused", () => {
  const journal = pathStep("/var/lib/tetherdock", { uid: 7, user: "eve" });
  expect(refusal(write, file(), pathStep("/var"), pathStep("/var/lib"), journal)).toEqual([
    "HOST_PATH_UNSAFE",
    "/var/lib/tetherdock, on the way to /var/lib/tetherdock/0001, belongs to eve",
  ]);
});

test("the journal opens only while the link still leads to the planned target", () => {
  const opening = { number: 1, sockets: [], gatewayUnits: [], trees: [], staging: null, confirmWithinS: 9 };
  const about = { lineId: "", lineName: "", port: 1, exposedPorts: [], by: "", at: "", version: "" };
  const touched = [{ path: "/opt/d.json", expect: "absent", via: PATH }];
  expect(openScript({ ...opening, about, touched })).toContain(`leads ${PATH} /opt/d.json; same`);
});

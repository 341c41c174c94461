/** What `down` makes of its arguments. */
import { expect, test } from "vitest";
import { failureOf } from "../../../test/support/app/change.ts";
import { downRequest, downWorld, VPS } from "../../../test/support/app/down-world.ts";
import { findTarget } from "./find-target.ts";

test.each([
  [{ argument: "vps" }, { target: "core@vps", line: { id: VPS.id }, words: ["vps"] }],
  [{ argument: "core@vps" }, { target: "core@vps", line: null, words: ["core@vps"] }],
  [
    { argument: "core@vps", forget: true },
    { target: "core@vps", line: { id: VPS.id }, words: ["core@vps"] },
  ],
  [
    { argument: undefined, local: true },
    { target: null, line: null, words: ["--local"] },
  ],
])("%j", async (over, found) => {
  expect(await findTarget(downWorld().ports, downRequest(over))).toMatchObject(found);
});

test("a word that is no line may be a host; where no word was typed, no host is guessed", async () => {
  const { ports } = downWorld();
  const hints = async (argument: string | undefined) =>
    (await failureOf(findTarget(ports, downRequest({ argument })))).hints.join("\n");
  expect(await hints("nosuch")).toContain("tetherdock down ssh://nosuch");
  expect(await hints(undefined)).not.toContain("ssh://");
});

test("a bug is passed on as it is", async () => {
  const { ports, lines } = downWorld();
  const bug = new Error("a bug");
  Object.assign(lines, { list: () => Promise.reject(bug) });
  expect(await failureOf(findTarget(ports, downRequest({ argument: "vps" })))).toBe(bug);
});

/** Keys on this laptop are deleted for a proven host, or if the user confirms; never because of what a host says. */
import { describe, expect, test } from "vitest";
import { sampleLine } from "../../../test/support/sample-line.ts";
import type { TetherdockError } from "../../base/index.ts";
import type { TransactionAbout } from "../../facts/index.ts";
import type { HostSeen } from "./host-seen.ts";
import { type DownWanted, hostNotProvenForDown, lineForDown } from "./line-for-down.ts";

const prod = sampleLine({ id: "00000000000000aa", name: "prod", target: "root@prod" });
const web = sampleLine({ id: "00000000000000bb", name: "web", target: "root@web" });
const lines = [prod, web];
const claims = (lineId: string, lineName: string): TransactionAbout => ({
  ...{ lineId, lineName, port: 2376, exposedPorts: [] },
  ...{ by: "ann@box", at: "2026-01-01", version: "1" },
});
const host = (over: Partial<HostSeen> = {}): HostSeen => ({
  ...{ target: "root@evil", ssh: null, serverKey: null, proven: null, claim: null },
  ...over,
});
function decide(seen: HostSeen, want: Partial<DownWanted> = {}): string {
  try {
    const choice = lineForDown(lines, seen, { named: null, acceptHost: undefined, ...want });
    return `${choice.kind} ${choice.line?.name ?? "nothing"}`;
  } catch (error) {
    return (error as TetherdockError).code;
  }
}

describe("lineForDown()", () => {
  test("a proven host is taken down with its line, however it was named", () => {
    expect(decide(host({ proven: prod.id }))).toBe("forget prod");
    expect(decide(host({ proven: prod.id }), { named: prod })).toBe("forget prod");
    expect(decide(host({ proven: prod.id, claim: claims(web.id, "web") }))).toBe("forget prod");
  });

  test("a host that proves to be one line's does not get another line's keys deleted", () => {
    expect(decide(host({ proven: prod.id }), { named: web })).toBe("HOST_HAS_LINE");
    expect(decide(host({ proven: prod.id }), { acceptHost: "web" })).toBe("HOST_HAS_LINE");
  });

  test("by destination, an unproven host is undone and the line stays", () => {
    expect(decide(host())).toBe("forget nothing");
    expect(decide(host({ claim: claims("00000000000000cc", "theirs") }))).toBe("forget nothing");
    expect(decide(host({ claim: claims(prod.id, "prod") })), "it claims prod").toBe("keep prod");
    expect(decide(host({ target: "root@prod" })), "prod's own destination").toBe("keep prod");
  });

  test("by name, only the user can confirm that it is the line's host", () => {
    for (const claim of [null, claims(prod.id, "prod")]) {
      expect(decide(host({ claim }), { named: prod })).toBe("ask prod");
      expect(decide(host({ claim }), { named: prod, acceptHost: "prod" })).toBe("forget prod");
      expect(decide(host({ claim }), { acceptHost: "prod" })).toBe("forget prod");
    }
    expect(decide(host({ claim: claims(web.id, "web") }), { named: prod })).toBe("HOST_HAS_LINE");
    const theirs = claims("00000000000000cc", "theirs");
    expect(decide(host({ claim: theirs }), { named: prod, acceptHost: "prod" })).toBe("HOST_HAS_LINE");
  });

  test("--accept-host for a line other than the one taken down accepts nothing", () => {
    expect(decide(host(), { acceptHost: "nope" })).toBe("forget nothing");
    expect(decide(host(), { named: prod, acceptHost: "web" })).toBe("ask prod");
  });
});

test("the error names both sides, and two commands that run", () => {
  const error = hostNotProvenForDown(prod, host());
  expect(error.why.join("\n")).toMatch(/with root@prod[\s\S]*this host is root@evil/);
  expect(error.hints).toEqual([
    expect.stringMatching(/^tetherdock down prod --accept-host prod /),
    expect.stringMatching(/^tetherdock down prod --forget /),
  ]);
});

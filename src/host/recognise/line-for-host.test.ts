/** Every case of "which line is this host's?", with a host that lies in each of them. */
import { describe, expect, test } from "vitest";
import { sampleLine } from "../../../test/support/sample-line.ts";
import type { TetherdockError } from "../../base/index.ts";
import type { TransactionAbout } from "../../facts/index.ts";
import type { Line, SshPlace } from "../../line/index.ts";
import type { HostSeen } from "./host-seen.ts";
import { hostNotProven, type LineChoice, type LineWanted, lineForHost } from "./line-for-host.ts";

const PROD_KEY = "a".repeat(64);
const OTHER_KEY = "b".repeat(64);
const at = (hostname: string): SshPlace => ({
  ...{ hostname, port: 22, user: "root", hostKeyAlias: null },
  hostKeys: [`SHA256:${"k".repeat(43)}`],
});
const prod = sampleLine({
  ...{ id: "00000000000000aa", name: "prod", target: "root@prod", address: "192.0.2.1" },
  host: { serverKeys: [PROD_KEY], reachedAt: [], ssh: at("192.0.2.1") },
});
const old = sampleLine({ id: "00000000000000bb", name: "old", target: "root@old", address: "192.0.2.2" });
const lines: readonly Line[] = [prod, old];
const claims = (lineId: string, lineName = "prod"): TransactionAbout => ({
  ...{ lineId, lineName, port: 2376, exposedPorts: [] },
  ...{ by: "ann@box", at: "2026-01-01", version: "1" },
});
const host = (over: Partial<HostSeen>): HostSeen => ({
  ...{ target: "root@evil", ssh: at("192.0.2.66"), serverKey: null, proven: null, claim: null },
  ...over,
});
const wanted = (over: Partial<LineWanted> = {}): LineWanted => ({
  ...{ name: undefined, defaultName: "evil", acceptHost: undefined },
  ...over,
});
/** The decision in short: the kind and the line, or the error's code. */
function decide(seen: HostSeen, want: LineWanted = wanted(), of = lines): string {
  try {
    const choice: LineChoice = lineForHost(of, seen, want);
    if (choice.kind === "new") return `new ${choice.name}`;
    return choice.kind === "ask" ? `ask ${choice.line.name}` : `${choice.line.name} by ${choice.by}`;
  } catch (error) {
    return (error as TetherdockError).code;
  }
}

/** The complete error text. */
function failure(seen: HostSeen, want: LineWanted): TetherdockError {
  try {
    lineForHost(lines, seen, want);
  } catch (error) {
    return error as TetherdockError;
  }
  throw new Error("nothing was thrown");
}

test("--accept-host with a line other than the journal claims: the error says whose keys this machine has", () => {
  const of = (id: string, name: string) =>
    failure(host({ claim: claims(id, name) }), wanted({ acceptHost: "old" }));
  const here = of(prod.id, "prod");
  expect(here.message).toBe('the host says that it has your line "prod"');
  expect([...here.why, ...here.hints].join()).not.toMatch(/not on this machine|ask ann/);
  expect(of("00000000000000cc", "theirs").why.join()).toContain("its CA key is not on this machine");
});

describe("lineForHost()", () => {
  test("a bare host at a new destination makes a new line", () => {
    expect(decide(host({}))).toBe("new evil");
    expect(decide(host({}), wanted({ name: "web" }))).toBe("new web");
  });

  test("a proof decides, whatever destination, name and journal say", () => {
    for (const claim of [null, claims(prod.id), claims(old.id, "old"), claims("00000000000000cc", "x")])
      expect(decide(host({ proven: prod.id, serverKey: PROD_KEY, claim }))).toBe("prod by proof");
    expect(decide(host({ proven: prod.id }), wanted({ name: "prod" }))).toBe("prod by proof");
    expect(decide(host({ proven: prod.id }), wanted({ name: "web" }))).toBe("LINE_EXISTS");
    expect(decide(host({ proven: prod.id }), wanted({ acceptHost: "old" }))).toBe("LINE_EXISTS");
  });

  test.each([null, PROD_KEY, OTHER_KEY])(
    "a claim alone never makes a host the line's: key %s",
    (serverKey) => {
      const seen = host({ claim: claims(prod.id), serverKey });
      expect(decide(seen)).toBe("ask prod");
      expect(decide(seen, wanted({ name: "prod" }))).toBe("ask prod");
      expect(decide(seen, wanted({ name: "evil" }))).toBe("HOST_NOT_PROVEN");
      expect(decide(seen, wanted({ acceptHost: "old" }))).toBe("HOST_HAS_LINE");
      expect(decide(seen, wanted({ acceptHost: "prod" }))).toBe("prod by user");
    },
  );

  test("a known destination without a proof is asked about: reinstalled, or from before keys were recorded", () => {
    expect(decide(host({ target: "root@prod" }))).toBe("ask prod");
    expect(decide(host({ target: "ops@alias", ssh: at("192.0.2.1") })), "the same place for ssh").toBe(
      "ask prod",
    );
    expect(decide(host({ target: "root@old", claim: claims(old.id, "old") }))).toBe("ask old");
    expect(decide(host({ target: "root@prod" }), wanted({ acceptHost: "prod" }))).toBe("prod by user");
    expect(decide(host({ target: "root@prod" }), wanted({ name: "second" }))).toBe("new second");
  });

  test("another laptop's line stays, whatever the flags", () => {
    const seen = host({ target: "root@prod", claim: claims("00000000000000cc", "theirs") });
    for (const want of [{}, { name: "prod" }, { acceptHost: "prod" }])
      expect(decide(seen, wanted(want))).toBe("HOST_HAS_LINE");
    expect(failure(seen, wanted())).toMatchObject({
      why: [expect.stringMatching(/^made by ann@box on 2026-01-01; /), expect.anything()],
      hints: [
        "ask them to run: tetherdock client invite NAME   # you join with its token",
        expect.stringMatching(/^tetherdock down root@prod --dry-run {3}# /),
      ],
    });
  });

  test("a name that is another host's line", () => {
    expect(decide(host({}), wanted({ name: "prod" }))).toBe("LINE_EXISTS");
    expect(decide(host({}), wanted({ defaultName: "prod" }))).toBe("LINE_EXISTS");
  });

  test("the hint for a taken name has the first free one, and the command for this machine or that host", () => {
    const taken = (seen: HostSeen, of: readonly Line[]) => {
      try {
        return String(lineForHost(of, seen, wanted({ name: "prod" })));
      } catch (error) {
        return (error as TetherdockError).hints[0];
      }
    };
    const second = sampleLine({ id: "00000000000000dd", name: "prod-2", target: "root@x" });
    expect(taken(host({}), lines)).toBe("tetherdock up root@evil --name prod-2");
    expect(taken(host({}), [...lines, second])).toBe("tetherdock up root@evil --name prod-3");
    expect(taken(host({ target: null }), lines)).toBe("tetherdock up --local --name prod-2");
    const all = [2, 3, 4, 5, 6, 7, 8, 9].map((at) => ({
      ...second,
      id: `${at}`.repeat(16),
      name: `prod-${at}`,
    }));
    expect(taken(host({}), [...lines, ...all])).toBe("choose another name with --name");
  });

  test("a line that was joined belongs to no host here, not even with --accept-host", () => {
    const joined = sampleLine({ name: "team", target: null, joined: true });
    const here = host({ target: null, ssh: null });
    expect(decide(here, wanted(), [joined])).toBe("new evil");
    expect(decide(here, wanted({ acceptHost: "team" }), [joined])).toBe("LINE_JOINED");
    expect(decide(here, wanted({ name: "team" }), [joined])).toBe("LINE_EXISTS");
  });

  test("--accept-host must name an existing line, and only one", () => {
    expect(decide(host({}), wanted({ acceptHost: "nope" }))).toBe("LINE_UNKNOWN");
    expect(decide(host({}), wanted({ acceptHost: "prod", name: "web" }))).toBe("USAGE");
    expect(decide(host({}), wanted({ acceptHost: "prod" })), "a move to new hardware").toBe("prod by user");
  });
});

describe("hostNotProven()", () => {
  test("names both sides with their destinations and keys", () => {
    const error = hostNotProven(prod, host({ claim: claims(prod.id), serverKey: OTHER_KEY }));
    const why = error.why.join("\n");
    expect(why).toContain(
      `with root@prod (192.0.2.1 port 22, ssh host keys SHA256:${"k".repeat(43)}), server key aaaa`,
    );
    expect(why).toContain("this host is root@evil (192.0.2.66 port 22");
    expect(why).toContain("server key bbbb");
    expect(why).toContain("any host could write");
  });

  test("at another destination no hint makes the host the line's", () => {
    const { hints } = hostNotProven(prod, host({ claim: claims(prod.id) }));
    expect(hints).toEqual([expect.stringMatching(/^tetherdock down root@evil --dry-run /)]);
  });

  test("at the line's own destination the hint names the line, and says when to use it", () => {
    const { hints, why } = hostNotProven(prod, host({ target: "root@prod" }));
    expect(hints[0]).toMatch(/^tetherdock up root@prod --accept-host prod {3}# only if you reinstalled it/);
    expect(why.join()).toContain("as after a reinstallation");
    expect(hostNotProven(old, host({ target: "root@old" })).why.join()).toContain(
      "before tetherdock recorded",
    );
  });
});

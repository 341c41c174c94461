/** Which host `down` undoes, and what it deletes on the laptop. */
import { describe, expect, test } from "vitest";
import { failureOf } from "../../../test/support/app/change.ts";
import {
  carrying,
  type DownWorld,
  downRequest,
  downWorld,
  OTHER,
  told,
  VPS,
} from "../../../test/support/app/down-world.ts";
import { failed } from "../../../test/support/app/fake-host.ts";
import { hostFacts } from "../../../test/support/host-facts.ts";
import { sampleLine } from "../../../test/support/sample-line.ts";
import type { TransactionFact } from "../../facts/index.ts";
import { makeKeyPair } from "../../pki/index.ts";
import { down } from "./down.ts";
import type { DownRequest } from "./request.ts";

const THEIRS = sampleLine({ id: "00000000000000cc", name: "theirs" });

async function run(over: Partial<DownRequest> = {}, set: (world: DownWorld) => void = () => {}) {
  const world = downWorld();
  set(world);
  return { world, result: await down(world.ports, downRequest(over)) };
}

async function refused(over: Partial<DownRequest> = {}, set: (world: DownWorld) => void = () => {}) {
  const world = downWorld();
  set(world);
  const error = await failureOf(down(world.ports, downRequest(over)));
  expect(world.host.ran).not.toContain("undo-all");
  expect(await world.lines.list()).toEqual(["other", "vps"]);
  return { world, error };
}

/** Why a line's host cannot prove that it is the line's. */
const noKey = ({ host }: DownWorld, more: Partial<TransactionFact> = {}) => {
  host.state = carrying(VPS, null, more);
};
const bare = ({ host }: DownWorld) => {
  host.state = hostFacts();
};
const otherKey = ({ host }: DownWorld) => {
  host.state = carrying(VPS, makeKeyPair().publicKey);
};
const copiedKey = ({ host }: DownWorld) => {
  host.endings.sign = failed(1);
};

test("a line that was joined is deleted here, and its host is not contacted", async () => {
  const { world, result } = await run({ argument: "theirs" }, ({ lines }) => {
    const files = { "docker/ca.pem": "ca", "docker/cert.pem": "cert", "docker/key.pem": "key" };
    lines.keep({ ...THEIRS, target: null, joined: true }, files);
  });
  expect(result).toMatchObject({ plan: null, hostStays: true, laptop: { line: "theirs", hostStays: false } });
  expect([world.opened, world.host.ran]).toEqual([[], []]);
  expect(world.asked).toEqual([{ kind: "forget", line: "theirs" }]);
  expect(await world.lines.list()).toEqual(["other", "vps"]);
});

describe("a host that proves to be the line's", () => {
  test("is restored and the line is deleted, after one question about the plan", async () => {
    const { world, result } = await run();
    expect(result).toMatchObject({ dryRun: false, plan: { numbers: [1] }, laptop: { line: "vps" } });
    expect(world.host.ran).toEqual(["facts", "sign", "undo-all"]);
    expect(world.asked).toEqual([{ kind: "undo" }]);
    expect(told(world)).toEqual(["plan"]);
    expect(await world.lines.list()).toEqual(["other"]);
    expect(world.host.isClosed).toBe(true);
  });

  test("is recognised at another address", async () => {
    const { world, result } = await run({ argument: "root@198.51.100.9" });
    expect(result.laptop?.line).toBe("vps");
    expect(world.opened).toEqual(["root@198.51.100.9"]);
  });

  test("needs no --accept-host; down says that it was not needed", async () => {
    const { world } = await run({ acceptHost: "vps" });
    expect(told(world)).toEqual(["accept-not-needed", "plan"]);
  });

  test("is refused as the host of another line", async () => {
    const { error } = await refused({ argument: "other" });
    expect(error).toMatchObject({ code: "HOST_HAS_LINE", message: expect.stringContaining('"other"') });
    const accepted = await refused({ argument: "core@vps", acceptHost: "other" });
    expect(accepted.error.code).toBe("HOST_HAS_LINE");
  });
});

describe.each([
  ["has lost its key", noKey],
  ["was reinstalled", bare],
  ["has another key", otherKey],
  ["presents the line's key without holding it", copiedKey],
])("a host that %s", (_what, set) => {
  test("named by its line: the question shows both sides, and no changes nothing", async () => {
    const { world, error } = await refused({}, (one) => {
      set(one);
      one.answer = false;
    });
    expect(error).toMatchObject({ code: "HOST_NOT_PROVEN" });
    expect(error.hints).toEqual([
      expect.stringMatching(/^tetherdock down vps --accept-host vps /),
      expect.stringMatching(/^tetherdock down vps --forget /),
    ]);
    expect(world.asked).toEqual([
      { kind: "unproven-host", line: "vps", sides: expect.arrayContaining([expect.any(String)]) },
    ]);
  });

  test("named by its line: after yes the line is deleted; --accept-host skips the question", async () => {
    const asked = await run({ yes: true }, set);
    expect(asked.world.asked.map(({ kind }) => kind)).toEqual(["unproven-host"]);
    const accepted = await run({ yes: true, acceptHost: "vps" }, set);
    expect(accepted.world.asked).toEqual([]);
    for (const { world } of [asked, accepted]) expect(await world.lines.list()).toEqual(["other"]);
  });

  test("named by its destination: the host is restored, and the line is kept", async () => {
    const { world, result } = await run({ argument: "core@vps", yes: true }, set);
    expect(result.laptop).toBe(null);
    expect(told(world)[0]).toBe("line-kept");
    expect(await world.lines.list()).toEqual(["other", "vps"]);
  });

  test("--dry-run reports the question instead of asking it, and changes nothing", async () => {
    const { world, result } = await run({ dryRun: true }, set);
    expect(world.asked).toEqual([]);
    expect(told(world)).toContain("would-ask");
    expect(world.host.ran).not.toContain("undo-all");
    expect(result).toMatchObject({ dryRun: true, laptop: { line: "vps" } });
    expect(await world.lines.list()).toEqual(["other", "vps"]);
  });
});

test("a host with another laptop's line is refused by line name, and restored by destination", async () => {
  const set = ({ host }: DownWorld) => {
    host.state = carrying(THEIRS, makeKeyPair().publicKey);
  };
  for (const acceptHost of [undefined, "vps"])
    expect((await refused({ acceptHost }, set)).error).toMatchObject({
      code: "HOST_HAS_LINE",
      hints: ["tetherdock down vps --forget", expect.stringMatching(/^tetherdock down core@vps /)],
    });
  const { world, result } = await run({ argument: "root@203.0.113.9", yes: true }, set);
  expect(result).toMatchObject({ plan: { numbers: [1] }, laptop: null });
  expect(await world.lines.list()).toEqual(["other", "vps"]);
});

describe("invalid arguments are refused before ssh starts", () => {
  test.each<[string, Partial<DownRequest>, string, RegExp]>([
    ["--local with a line", { local: true }, "USAGE", /^tetherdock down --local$/],
    ["a word that is no line", { argument: "nosuch" }, "LINE_UNKNOWN", /tetherdock ls/],
    ["--accept-host for no line", { acceptHost: "nosuch" }, "LINE_UNKNOWN", /tetherdock ls/],
    [
      "--accept-host for another line",
      { acceptHost: "other" },
      "USAGE",
      /^tetherdock down vps --accept-host vps$/,
    ],
    ["the same, though only the line is forgotten", { acceptHost: "other", forget: true }, "USAGE", /vps/],
    ["a destination with a password", { argument: "root:x@host" }, "USAGE", /tetherdock up/],
    [
      "--forget of a host without a line",
      { argument: "root@new", forget: true },
      "LINE_UNKNOWN",
      /tetherdock ls/,
    ],
    ["nothing, where there are two lines", { argument: undefined }, "LINE_AMBIGUOUS", /tetherdock use/],
  ])("%s", async (_what, over, code, hint) => {
    const { world, error } = await refused(over);
    expect(error).toMatchObject({ code, hints: expect.arrayContaining([expect.stringMatching(hint)]) });
    expect(world.opened).toEqual([]);
  });

  test("--accept-host for another line: the hints are both possible commands", async () => {
    expect((await refused({ acceptHost: "other" })).error.hints).toEqual([
      "tetherdock down vps --accept-host vps",
      "tetherdock down other --accept-host other",
    ]);
  });

  test("an unknown line name may be a host: the hint shows how to name a host", async () => {
    const { error } = await refused({ argument: "nosuch" });
    expect(error.hints.at(-1)).toMatch(/^tetherdock down ssh:\/\/nosuch /);
  });

  test("$TETHERDOCK_LINE selects the line", async () => {
    const { world } = await run({ argument: undefined }, ({ env, host }) => {
      env["TETHERDOCK_LINE"] = "vps";
      host.state = carrying(VPS, host.publicKey);
    });
    expect(world.opened).toEqual(["core@vps"]);
  });
});

test("--local restores this machine", async () => {
  const { world } = await run({ argument: undefined, local: true, yes: true });
  expect(world.opened).toEqual([null]);
});

test("a host without a key is restored by destination, and no line is deleted", async () => {
  const { world } = await run({ argument: "root@other", yes: true }, ({ host }) => {
    host.state = carrying(OTHER, null);
  });
  expect(told(world)).toEqual(["line-kept", "plan"]);
});

describe("--forget", () => {
  test("with --dry-run shows what would be forgotten, and asks and forgets nothing", async () => {
    const { world, result } = await run({ argument: "vps", forget: true, dryRun: true });
    expect(result).toMatchObject({ dryRun: true, plan: null, laptop: { line: "vps" } });
    expect([world.asked, told(world), world.opened]).toEqual([[], [], []]);
    expect(await world.lines.list()).toEqual(["other", "vps"]);
  });
});

test("a word that is no line and could be a host: the error says how to name a host", async () => {
  const { error } = await refused({ argument: "nosuch" });
  expect(error).toMatchObject({ code: "LINE_UNKNOWN" });
  expect(error.hints.at(-1)).toBe("tetherdock down ssh://nosuch   # if that is a host");
});

test("--local with a line is refused, with both commands", async () => {
  const { error } = await refused({ argument: "vps", local: true });
  expect(error).toMatchObject({ code: "USAGE", hints: ["tetherdock down --local", "tetherdock down vps"] });
});

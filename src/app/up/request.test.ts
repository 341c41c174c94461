/** Invalid arguments are refused before ssh starts, and every hint is a command that runs. */
import { describe, expect, test } from "vitest";
import { carriedOut } from "../../../test/support/app/carried-out.ts";
import { failureOf } from "../../../test/support/app/change.ts";
import { upRequest, upWorld } from "../../../test/support/app/up-world.ts";
import { sampleLine } from "../../../test/support/sample-line.ts";
import { TetherdockError } from "../../base/index.ts";
import { retyped, type UpRequest, withCommands } from "./request.ts";
import { up } from "./up.ts";

const MINUTE = 60_000;

test.each<[string, Partial<UpRequest>, string, readonly string[]]>([
  ["no host", { destination: undefined }, "USAGE", ["tetherdock up user@host", "tetherdock up --local"]],
  ["a host and --local", { local: true }, "USAGE", ["tetherdock up user@host", "tetherdock up --local"]],
  [
    "two modes",
    { gateway: true, native: true, san: ["a.example", "b.example"] },
    "USAGE",
    [
      "tetherdock up core@vps --san a.example --san b.example --gateway",
      "tetherdock up core@vps --san a.example --san b.example --native",
    ],
  ],
  [
    "two modes of this machine",
    { destination: undefined, local: true, gateway: true, native: true },
    "USAGE",
    ["tetherdock up --local --gateway", "tetherdock up --local --native"],
  ],
  [
    "more time than the host keeps a change open",
    { confirmWithin: 15 * MINUTE + 1 },
    "USAGE",
    ["tetherdock up core@vps --confirm-within 900s"],
  ],
  [
    "an option as a host",
    { destination: "-oProxyCommand=x" },
    "USAGE",
    ["tetherdock up user@host", "tetherdock up ssh://user@host:2222"],
  ],
  ["an invalid name", { san: ["two words"] }, "NAME_INVALID", []],
  ["an invalid address", { address: "a..b" }, "NAME_INVALID", []],
])("%s", async (_what, over, code, hints) => {
  const world = upWorld();
  const error = await failureOf(up(world.ports, upRequest(over)));
  expect(error.code).toBe(code);
  if (hints.length > 0) expect(error.hints).toEqual(hints);
  expect(world.opened).toEqual([]);
});

test("--confirm-within has a maximum, and the error says why", async () => {
  const over = { confirmWithin: 15 * MINUTE + 1 };
  expect((await failureOf(up(upWorld().ports, upRequest(over)))).why).toEqual([
    expect.stringContaining("accepts no other"),
  ]);
});

test("--confirm-within accepts a quarter of an hour", async () => {
  const world = upWorld();
  expect(await up(world.ports, upRequest({ confirmWithin: 15 * MINUTE }))).toMatchObject({ kind: "proven" });
});

test("a command for this machine is repeated with --local", () => {
  expect(retyped(upRequest({ destination: undefined, local: true }))).toBe("tetherdock up --local");
  expect(retyped(upRequest({ local: true }))).toBe("tetherdock up --local");
  expect(retyped(upRequest({ destination: undefined }))).toBe("tetherdock up --local");
});

test("a command is repeated with all its options", () => {
  const all: Partial<UpRequest> = {
    ...{ destination: "ssh://root@[2001:db8::7]:22", name: "web", port: 2400, address: "web.example" },
    ...{ san: ["a b"], dropSan: ["c.example"], acceptHost: "web", gateway: true, replaceTls: true },
    ...{ encryptCaKey: true, confirmWithin: 5 * MINUTE, native: true },
  };
  expect(retyped(upRequest(all))).toBe(
    "tetherdock up 'ssh://root@[2001:db8::7]:22' --name web --port 2400 --address web.example --san 'a b' --drop-san c.example --accept-host web --gateway --native --replace-tls --encrypt-ca-key --confirm-within 300s",
  );
});

describe("a host that ssh does not know", () => {
  const hintsFor = async (
    destination: string,
    target: string | null,
    code: "SSH_HOST_UNKNOWN" | "SUDO_DENIED" = "SSH_HOST_UNKNOWN",
  ) => {
    const world = upWorld();
    world.lines.keep(sampleLine({ name: "web", target }));
    world.unreachable = new TetherdockError(code, "no such host", { hints: ["check it"] });
    return (await failureOf(up(world.ports, upRequest({ destination })))).hints;
  };
  test("with a line's name: the hint names the line's host", async () => {
    expect(await hintsFor("web", "root@web.example")).toEqual([
      "check it",
      "tetherdock up root@web.example   # the host of the line web",
    ]);
    expect((await hintsFor("web", null)).at(-1)).toMatch(/^tetherdock up --local /);
  });
  test("but a host that was reached is the one that was meant: no such hint", async () => {
    expect(await hintsFor("web", "root@web.example", "SUDO_DENIED")).toEqual(["check it"]);
  });
  test("without a line of that name, or as the line's own destination: no such hint", async () => {
    expect(await hintsFor("other", "root@web.example")).toEqual(["check it"]);
    expect(await hintsFor("web", "web")).toEqual(["check it"]);
  });
});

describe("a name that does not resolve", () => {
  test("and is new: the hint looks it up", async () => {
    const { ports } = upWorld();
    expect(await failureOf(up(ports, upRequest({ san: ["new.example"] })))).toMatchObject({
      code: "NOT_REACHABLE",
      hints: ["getent ahosts new.example"],
    });
  });
  test("and is kept from an earlier up: a second hint drops it", async () => {
    const { ports, outside, host } = upWorld();
    outside.names.set("old.example", ["192.0.2.7"]);
    const { prepared } = await up(ports, upRequest({ san: ["old.example"] }));
    host.state = carriedOut(host, prepared);
    outside.names.clear();
    expect((await failureOf(up(ports, upRequest({ port: 2400 })))).hints).toEqual([
      "getent ahosts old.example",
      "tetherdock up core@vps --port 2400 --drop-san old.example   # if you no longer need it",
    ]);
  });
});

test.each<[string, Parameters<typeof withCommands>[1], readonly string[]]>([
  [
    "a gateway that the host cannot run",
    upRequest({ gateway: true, san: ["a.example"] }),
    [
      "df -h",
      "tetherdock up core@vps --san a.example --native   # needs almost no space",
      "tetherdock up core@vps --san a.example --gateway --replace-tls",
      "tetherdock up core@vps --port 2377 --san a.example --gateway",
    ],
  ],
])("%s: the hints are the same command with another option", (_what, request, hints) => {
  const retype = [
    { option: "native", remark: "needs almost no space" },
    { option: "replace-tls" },
    { option: "port", port: 2377 },
  ] as const;
  const error = new TetherdockError("HOST_DISK_FULL", "no room", { hints: ["df -h"], retype });
  expect(withCommands(error, request)).toMatchObject({ code: "HOST_DISK_FULL", hints });
});

test("an error that is not ours, or has no such commands, does not change", () => {
  const [bug, plain] = [new Error("bug"), new TetherdockError("HOST_DISK_FULL", "no room")];
  expect(withCommands(bug, upRequest())).toBe(bug);
  expect(withCommands(plain, upRequest())).toBe(plain);
});

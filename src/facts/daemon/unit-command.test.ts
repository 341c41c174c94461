import { describe, expect, test } from "vitest";
import { hostFacts, vendorUnit } from "../../../test/support/host-facts.ts";
import { startedAs, unitCommandLine } from "./unit-command.ts";

const service = (exec: string, dropIn = "", file = "") =>
  hostFacts({
    units: [vendorUnit(exec), { path: "/etc/d/x.conf", text: `[Service]\n${dropIn}\n` }],
    environmentFiles: [{ path: "/etc/default/docker", mode: "644", owner: "0:0", text: file }],
  }).service;

describe("unitCommandLine() is the command line that systemd would start", () => {
  test.each([
    ["a variable nobody sets is no word", service("/d $X -H fd://"), ["/d", "-H", "fd://"]],
    [
      "a variable alone is split into words",
      service("/d $X", "Environment='X=-a \"b c\"'"),
      ["/d", "-a", "b c"],
    ],
    ["in braces it is one word", service("/d $" + "{X}", "Environment='X=-a b'"), ["/d", "-a b"]],
    ["a file wins over the unit", service("/d $X", "Environment=X=-a", "X=-b\n"), ["/d", "-b"]],
    ["prefixes are not part of the path", service("-+/d a"), ["/d", "a"]],
    ["the last ExecStart counts", service("/d a", "ExecStart=\nExecStart=/e b"), ["/e", "b"]],
    ["two are not understood", service("/d a", "ExecStart=/e b"), []],
    ["specifiers with a fixed meaning", service("/d --x=%N %%"), ["/d", "--x=docker", "%"]],
    ["a dollar sign", service("/d a$$b"), ["/d", "a$b"]],
  ])("%s", (_, unit, expected) => expect(unitCommandLine(unit)).toEqual(expected));
});

describe("startedAs()", () => {
  test.each([
    ["the same", ["/d", "-H", "fd://"], ["/d", "-H", "fd://"], true],
    ["a script with its interpreter", ["/bin/sh", "/d", "-H"], ["/d", "-H"], true],
    ["one flag more", ["/d", "-H"], ["/d", "-H", "--tlsverify"], false],
    ["one flag less", ["/d", "-H", "--debug"], ["/d", "-H"], false],
    ["a specifier we cannot know", ["/d", "--name=web1"], ["/d", "--name=%H"], true],
  ])("%s", (_, running, unit, expected) => expect(startedAs(running, unit)).toBe(expected));
});

import { describe, expect, test } from "vitest";
import { defaultLineName, parseDestination, sshArguments } from "./destination.ts";

describe("parseDestination()", () => {
  test.each([
    ["vps", "vps"],
    ["core@vps.example", "vps.example"],
    ["root@192.0.2.7", "192.0.2.7"],
    ["ssh://core@vps.example:2222", "vps.example"],
    ["ssh://[2001:db8::7]:22", "2001:db8::7"],
    ["ssh://core@[2001:db8::7]:2222", "2001:db8::7"],
    ["core@2001:db8::7", "2001:db8::7"],
  ])("%s is the host %s", (text, host) => {
    expect(parseDestination(text)).toEqual({ text, host });
  });
  test.each([
    "",
    "-oProxyCommand=touch /tmp/x",
    "user@-x",
    "user@",
    "@host",
    "a b",
    "vps:22",
    "ssh://",
    "ssh://-x",
    "ssh://vps:0",
    "ssh://vps:65536",
    "ssh://core:secret@vps",
    "core:secret@vps",
    "core:secret@2001:db8::7",
    "a\nb",
  ])("%j is refused", (text) => {
    expect(() => parseDestination(text)).toThrow(expect.objectContaining({ code: "USAGE" }));
  });
});

test.each([
  ["core@[2001:db8::7]", "core@2001:db8::7"],
  ["[2001:db8::7]", "2001:db8::7"],
  ["ssh://core@[2001:db8::7]", "core@2001:db8::7"],
  ["ssh://core@[2001:db8::7]/", "core@2001:db8::7"],
])("%s has brackets that ssh does not accept: %s", (typed, text) => {
  expect(parseDestination(typed).text).toBe(text);
});

test.each([
  ["core@vps", ["--", "core@vps"]],
  ["ssh://core@vps:2222", ["--", "ssh://core@vps:2222"]],
  ["core@2001:db8::7", ["--", "core@2001:db8::7"]],
  ["ssh://core@[2001:db8::7]:2222", ["-p", "2222", "--", "core@2001:db8::7"]],
  ["ssh://[2001:db8::7]:22", ["-p", "22", "--", "2001:db8::7"]],
])("ssh gets for %s: %j", (text, expected) => {
  expect(sshArguments(text)).toEqual(expected);
});

test("a password in a destination is refused, and not repeated", () => {
  expect(() => parseDestination("ssh://core:secret@vps")).toThrow(
    expect.objectContaining({ message: expect.not.stringContaining("secret") }),
  );
});

describe("defaultLineName()", () => {
  test.each([
    ["vps.example.com", "vps"],
    ["192.0.2.7", "192-0-2-7"],
    ["2001:db8::7", "2001-db8-7"],
    ["My_Host", "my-host"],
    ["___", "host"],
  ])("%s becomes %s", (host, name) => {
    expect(defaultLineName(host)).toBe(name);
  });
});

import { expect, test } from "vitest";
import { readQuickEnv } from "./quick-env.ts";

test.each([
  ["env", { flags: { shell: undefined, agent: false, unset: false, ifAny: false }, line: undefined }],
  ["env vps", { flags: { shell: undefined, agent: false, unset: false, ifAny: false }, line: "vps" }],
  [
    "env --shell fish vps --unset",
    { flags: { shell: "fish", agent: false, unset: true, ifAny: false }, line: "vps" },
  ],
  [
    "env --unset --shell sh",
    { flags: { shell: "sh", agent: false, unset: true, ifAny: false }, line: undefined },
  ],
  ["env --agent", { flags: { shell: undefined, agent: true, unset: false, ifAny: false }, line: undefined }],
  ["env --if-any", { flags: { shell: undefined, agent: false, unset: false, ifAny: true }, line: undefined }],
])("reads %s", (line, expected) => {
  expect(readQuickEnv(line.split(" "))).toEqual(expected);
});

test.each([
  "ls",
  "env --help",
  "env -h",
  "env --shell",
  "env --shell tcsh",
  "env --shell=fish",
  "env --shell sh --shell sh",
  "env --unset --unset",
  "env --if-any --if-any",
  "env --agent --agent",
  "env a b",
  "env BAD",
  "env -- vps",
  "env --json",
])("leaves %s to the command tree", (line) => {
  expect(readQuickEnv(line.split(" "))).toBeUndefined();
});

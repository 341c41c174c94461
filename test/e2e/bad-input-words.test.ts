/** Command lines that cannot be meant: refused before ssh is even started. */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { ErrorCode } from "../../src/base/index.ts";
import { type Laptop, makeLaptop } from "../support/laptop.ts";
import { expectRefused } from "../support/refusal.ts";
import { run } from "../support/run.ts";

let laptop: Laptop;

beforeAll(async () => {
  laptop = await makeLaptop("/dev/null");
  await laptop.program("ssh", `#!/bin/sh\necho "$@" >>${laptop.folder}/ssh-was-started\nexit 99\n`);
});
afterAll(async () => {
  const started = await run(["ls", `${laptop.folder}/ssh-was-started`]);
  await laptop[Symbol.asyncDispose]();
  expect(started.status).not.toBe(0);
});

const up = (...rest: string[]) => ["up", ...rest];
const cases: readonly (readonly [ErrorCode, string | RegExp, readonly string[]])[] = [
  ["USAGE", "no host was named", up()],
  ["USAGE", '""', up("")],
  ["USAGE", "-oProxyCommand=x", up("-oProxyCommand=x")],
  ["USAGE", "-oProxyCommand=x", up("--yes", "--", "-oProxyCommand=x")],
  ["USAGE", "user@-oProxyCommand=x", up("user@-oProxyCommand=x")],
  ["USAGE", "user@", up("user@")],
  ["USAGE", "@host", up("@host")],
  ["USAGE", "host:22", up("host:22")],
  ["USAGE", "two words", up("two words")],
  ["USAGE", "http://host", up("http://host")],
  ["USAGE", "ssh://", up("ssh://")],
  ["USAGE", "ssh://host/path", up("ssh://host/path")],
  ["USAGE", "99999", up("ssh://host:99999")],
  ["USAGE", "password", up("ssh://me:secret@host")],
  ["USAGE", "other", up("host", "other")],
  ["USAGE", "--local", up("--local", "host")],
  ["USAGE", '"0"', up("host", "--port", "0")],
  ["USAGE", "65536", up("host", "--port", "65536")],
  ["USAGE", "2376x", up("host", "--port", "2376x")],
  ["USAGE", "--port", up("host", "--port", "2376", "--port", "2377")],
  ["USAGE", "--port", up("host", "--port")],
  ["USAGE", '"5"', up("host", "--confirm-within", "5")],
  ["USAGE", "0s", up("host", "--confirm-within", "0s")],
  ["USAGE", "-1m", up("host", "--confirm-within", "-1m")],
  ["USAGE", "at most 15m", up("host", "--confirm-within", "16m")],
  ["USAGE", "--nmae", up("host", "--nmae", "x")],
  ["USAGE", "--replace-tsl", up("host", "--replace-tsl")],
  ["USAGE", "upp", ["upp", "host"]],
  ["USAGE", "--frobnicate", ["--frobnicate"]],
  ["LINE_NAME_INVALID", "../web", up("host", "--name", "../web")],
  ["LINE_NAME_INVALID", "Web", up("host", "--name", "Web")],
  ["LINE_NAME_INVALID", '""', up("host", "--name", "")],
  ["LINE_UNKNOWN", "nowhere", ["down", "nowhere"]],
  ["LINE_UNKNOWN", "nowhere", ["status", "nowhere"]],
];

describe("refused", () => {
  test.for(cases)("%s, naming %s: %j", async ([code, names, args]) => {
    await expectRefused(laptop, args, code, names);
  });
});

describe("names for the certificate", () => {
  const names = [
    "two words",
    "",
    "http://host",
    "*.example.net",
    "1.2.3.4.5",
    "host:2376",
    "-x",
    "a..b",
    "ho\nst",
  ];
  // After a space, -x would be another option.
  const give = (flag: string, name: string) => (name.startsWith("-") ? [`${flag}=${name}`] : [flag, name]);
  const cases = ["--san", "--address"].flatMap((flag) => names.map((name) => [flag, name] as const));
  test.for(cases)("%s %j: NAME_INVALID", async ([flag, name]) => {
    await expectRefused(laptop, up("host", ...give(flag, name)), "NAME_INVALID", JSON.stringify(name));
  });
});

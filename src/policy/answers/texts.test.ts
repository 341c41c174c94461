import { describe, expect, test } from "vitest";
import { event } from "./system.ts";
import {
  address,
  commandArguments,
  commandLine,
  commandList,
  environment,
  labelList,
  labels,
  networkOptions,
  options,
  probeCommand,
  program,
  securityOptions,
} from "./texts.ts";

const marks = {
  address,
  commandArguments,
  commandLine,
  commandList,
  environment,
  labelList,
  labels,
  networkOptions,
  options,
  probeCommand,
  program,
  securityOptions,
};

describe("texts that are shown in part", () => {
  test.each<[keyof typeof marks, unknown, unknown]>([
    ["environment", ["A=1", "B=", "C", "D=x=y", "=z"], ["A=***", "B=***", "C", "D=***", "=***"]],
    ["environment", null, null],
    ["environment", [{ Name: "A", Value: "1" }], [{}]],
    ["commandLine", "redis-server --requirepass x", "redis-server ***"],
    ["commandLine", "sleep", "sleep"],
    ["commandLine", "", ""],
    ["commandLine", "a\nb", "a ***"],
    ["commandLine", " a b", " ***"],
    ["commandList", ["sh", "-c", ""], ["sh", "***", ""]],
    ["commandLine", "--token=x y", "*** ***"],
    ["commandLine", "https://me:x@host", "***"],
    ["commandLine", "TOKEN=x sh", "*** ***"],
    ["commandList", ["--token=x", "y"], ["***", "***"]],
    ["program", "/usr/bin/redis-server", "/usr/bin/redis-server"],
    ["program", "C:\\\\app\\\\run.exe", "C:\\\\app\\\\run.exe"],
    ["program", "TOKEN=x", "***"],
    ["program", "./a-b:c~d+e", "./a-b:c~d+e"],
    ["program", "-a", "***"],
    ["program", ":a", "***"],
    ["program", "a b", "***"],
    ["program", "a\n", "***"],
    ["program", "a=", "***"],
    ["program", ["a", "b=c"], ["a", "***"]],
    ["program", 7, 0],
    ["commandList", null, null],
    ["commandList", "sh -c x", "***"],
    ["commandArguments", ["-c", "x"], ["***", "***"]],
    ["probeCommand", ["CMD-SHELL", "curl -u me:x"], ["CMD-SHELL", "***"]],
    ["probeCommand", ["x", "y"], ["***", "***"]],
    ["probeCommand", ["CMD", "CMD"], ["CMD", "***"]],
    ["probeCommand", ["NONE"], ["NONE"]],
    ["probeCommand", "CMD", "***"],
    ["commandList", [7, "x"], [0, "***"]],
    ["address", "http://me:pw@p@proxy:3128/", "http://***@proxy:3128/"],
    ["address", "me:pw@proxy:3128", "***@proxy:3128"],
    ["address", "http://proxy:3128/", "http://proxy:3128/"],
    ["address", "git+ssh.x-1://me@host", "git+ssh.x-1://***@host"],
    ["address", "x/http://me:pw@host", "***@host"],
    ["address", "http://proxy#x", "http://proxy?***"],
    ["address", "http://proxy/?a\nb", "http://proxy/?***"],
    ["address", "https://mirror/?token=x#y", "https://mirror/?***"],
    ["address", "http://a\n:b@c", "http://***@c"],
    [
      "securityOptions",
      ["no-new-privileges", "seccomp=unconfined"],
      ["no-new-privileges", "seccomp=unconfined"],
    ],
    [
      "securityOptions",
      ["apparmor=docker-default", "label=type:x"],
      ["apparmor=docker-default", "label=type:x"],
    ],
    [
      "securityOptions",
      ['seccomp={"a":1}', "credentialspec=raw://{}"],
      ["seccomp=***", "credentialspec=***"],
    ],
    [
      "labels",
      { a: "x", "com.docker.compose.project": "p" },
      { a: "***", "com.docker.compose.project": "p" },
    ],
    ["labels", null, null],
    ["labelList", ["a=x", "b"], ["a=***", "b"]],
    [
      "options",
      { a: "x", b: "", c: 1, d: true, e: null, f: ["y"] },
      { a: "***", b: "", c: 0, d: false, e: null, f: ["***"] },
    ],
    ["options", { "com.docker.network.driver.mtu": "x" }, { "com.docker.network.driver.mtu": "***" }],
    [
      "networkOptions",
      { "com.docker.network.driver.mtu": "1400", token: "x", "com.docker.network.tomorrow": "y" },
      { "com.docker.network.driver.mtu": "1400", token: "***", "com.docker.network.tomorrow": "***" },
    ],
  ])("%s: %j", (kind, before, after) => {
    expect(marks[kind].show(before)).toEqual(after);
  });

  test("__proto__ and constructor are ordinary names", () => {
    const before = JSON.parse('{"__proto__":"a","constructor":"b"}');
    expect(JSON.stringify(labels.show(before))).toBe('{"__proto__":"***","constructor":"***"}');
  });
});

describe("events", () => {
  const seen = (action: string, attributes: Record<string, string> = {}) =>
    event.show({ status: action, Action: action, Actor: { ID: "x", Attributes: attributes } });

  test.each([
    ["start", "start"],
    ["exec_create: /bin/sh -c PASSWORD=x run", "exec_create: /bin/sh ***"],
    [": sh -c x", ": sh ***"],
    ["exec_die", "exec_die"],
    ["health_status: healthy", "health_status: healthy"],
  ])("%j is shown as %j", (action, shown) => {
    expect(seen(action)).toMatchObject({ status: shown, Action: shown });
  });

  test("labels among a container's attributes are shown like labels", () => {
    const shown = seen("start", { name: "web", image: "a", team: "b", "com.docker.compose.service": "c" });
    expect(shown).toMatchObject({
      Actor: { Attributes: { name: "web", image: "a", team: "***", "com.docker.compose.service": "c" } },
    });
  });
});

import { readFile } from "node:fs/promises";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { blankSecrets } from "./index.ts";

/** Answers of Docker 20.10.24; every text with SECRET in it was put where somebody would put a secret. */
const text = await readFile(new URL("../../test/golden/policy/answers.json", import.meta.url), "utf8");
const answers: Record<string, unknown> = JSON.parse(text);

/** One line for each leaf that differs. */
function changes(path: string, before: unknown, after: unknown): string[] {
  if (typeof before !== "object" || before === null || typeof after !== "object" || after === null)
    return Object.is(before, after) ? [] : [`${path}: ${JSON.stringify(before)} → ${JSON.stringify(after)}`];
  const [left, right] = [Object.entries(before), Object.entries(after)];
  expect(right.map(([name]) => name)).toEqual(left.map(([name]) => name));
  return left.flatMap(([name, value], at) => changes(`${path}.${name}`, value, right[at]?.[1]));
}

describe("blankSecrets()", () => {
  test("real answers: what changes, and nothing else does", async () => {
    const lines = Object.entries(answers).flatMap(([name, answer]) =>
      changes(name, answer, blankSecrets(answer)),
    );
    await expect(`${lines.join("\n")}\n`).toMatchFileSnapshot("../../test/golden/policy/blanked.txt");
  });

  test("real answers: of the secrets only a command line is left", () => {
    const left = JSON.stringify(blankSecrets(answers)).match(/"[^"]*SECRET[^"]*"/g);
    expect(left).toEqual(['"echo SECRET-health"']);
  });

  test("does not touch what it is given", () => {
    blankSecrets(answers);
    expect(answers).toEqual(JSON.parse(text));
  });

  test.each<[string, unknown, unknown]>([
    [
      "an environment",
      { Env: ["A=1", "B=", "C", "D=x=y", "=z"] },
      { Env: ["A=***", "B=***", "C", "D=***", "=***"] },
    ],
    ["no environment", { Env: null }, { Env: null }],
    [
      "an environment in another form",
      { Env: [{ Name: "A", Value: "1" }] },
      { Env: [{ Name: "***", Value: "***" }] },
    ],
    ["a service before its update", { PreviousSpec: { Env: ["A=1"] } }, { PreviousSpec: { Env: ["A=***"] } }],
    [
      "a proxy's password",
      { HttpProxy: "http://me:pw@p@proxy:3128/", NoProxy: "a@b" },
      { HttpProxy: "http://***@proxy:3128/", NoProxy: "a@b" },
    ],
    ["a proxy without scheme", { HttpsProxy: "me:pw@proxy:3128" }, { HttpsProxy: "***@proxy:3128" }],
    ["a proxy without password", { HttpProxy: "http://proxy:3128/" }, { HttpProxy: "http://proxy:3128/" }],
    [
      "options by their types",
      { Options: { a: "x", b: "", c: 1, d: true, e: null, f: ["y"] } },
      { Options: { a: "***", b: "", c: 1, d: true, e: null, f: ["***"] } },
    ],
    ["a resolver's options, which are a list", { Options: ["timeout:3"] }, { Options: ["timeout:3"] }],
    [
      "a driver's options at an endpoint",
      { Networks: { n: { DriverOpts: { a: "x" } } } },
      { Networks: { n: { DriverOpts: { a: "***" } } } },
    ],
    [
      "a cluster volume",
      {
        ClusterVolume: {
          Info: { VolumeContext: { a: "x" } },
          PublishStatus: [{ PublishContext: { b: "y" } }],
        },
      },
      {
        ClusterVolume: {
          Info: { VolumeContext: { a: "***" } },
          PublishStatus: [{ PublishContext: { b: "***" } }],
        },
      },
    ],
    [
      "IPAM and external CAs",
      { IPAM: { Options: { a: "x" } }, ExternalCAs: [{ Options: { a: "x" } }] },
      { IPAM: { Options: { a: "***" } }, ExternalCAs: [{ Options: { a: "***" } }] },
    ],
    [
      "Docker's own network options",
      { Options: { "com.docker.network.driver.mtu": "1400" } },
      { Options: { "com.docker.network.driver.mtu": "1400" } },
    ],
    [
      "a log driver",
      { LogConfig: { Type: "splunk", Config: { "splunk-token": "x" } } },
      { LogConfig: { Type: "splunk", Config: { "splunk-token": "***" } } },
    ],
    ["a configuration of something else", { Config: { Image: "a" } }, { Config: { Image: "a" } }],
    [
      "the last command of a build",
      { ContainerConfig: { Cmd: ["|1 TOKEN=x /bin/sh"], Env: ["A=1"] } },
      { ContainerConfig: { Cmd: ["***"], Env: ["A=***"] } },
    ],
    ["instructions for later builds", { OnBuild: ["ENV A=1"] }, { OnBuild: ["***"] }],
    ["a command to run", { Config: { Cmd: ["sleep"] } }, { Config: { Cmd: ["sleep"] } }],
    [
      "the build cache",
      { BuildCache: [{ ID: "a", Description: "RUN x" }] },
      { BuildCache: [{ ID: "a", Description: "***" }] },
    ],
    [
      "the build cache since API 1.52",
      { BuildCacheUsage: { Items: [{ ID: "a", Description: "RUN x" }] } },
      { BuildCacheUsage: { Items: [{ ID: "a", Description: "***" }] } },
    ],
    ["another description", { Description: { Hostname: "a" } }, { Description: { Hostname: "a" } }],
    [
      "a health check",
      { State: { Status: "running", Health: { Status: "healthy", Log: [{ ExitCode: 0, Output: "x" }] } } },
      { State: { Status: "running", Health: { Status: "healthy", Log: [{ ExitCode: 0, Output: "***" }] } } },
    ],
    [
      "a state that is a word",
      [{ State: "running", Status: "Up 2 hours" }],
      [{ State: "running", Status: "Up 2 hours" }],
    ],
    [
      "an error",
      { State: { Error: "mount: password=x", ExitCode: 1 }, Status: { Err: "x", State: "failed" } },
      { State: { Error: "***", ExitCode: 1 }, Status: { Err: "***", State: "failed" } },
    ],
    ["no error", { State: { Error: "" } }, { State: { Error: "" } }],
    ["what is no object", "A=1", "A=1"],
  ])("%s", (_, before, after) => {
    expect(blankSecrets(before)).toEqual(after);
  });

  test("names that mean something to JavaScript stay names", () => {
    const value = JSON.parse('{"Labels":{"__proto__":"a","constructor":"b"},"Env":["__proto__=c"]}');
    expect(JSON.stringify(blankSecrets(value))).toBe(
      '{"Labels":{"__proto__":"a","constructor":"b"},"Env":["__proto__=***"]}',
    );
  });

  test("no value of a variable survives, wherever the list stands; twice is once", () => {
    const secret = fc.stringMatching(/^[a-z]{3,8}=?[a-z]{0,4}$/).map((word) => `<${word}>`);
    const wrap = fc.array(fc.constantFrom("Spec", "ContainerSpec", "State", "LogConfig", "Items", ""), {
      maxLength: 6,
    });
    fc.assert(
      fc.property(fc.array(secret), wrap, (secrets, path) => {
        const list: unknown = { Env: secrets.map((word, at) => `V${at}=${word}`) };
        const value = path.reduce((inner, name) => (name === "" ? [inner] : { [name]: inner }), list);
        const once = blankSecrets(value);
        expect(JSON.stringify(once)).not.toContain("<");
        expect(JSON.stringify(once).match(/V\d+=\*\*\*/g) ?? []).toHaveLength(secrets.length);
        expect(blankSecrets(once)).toEqual(once);
      }),
    );
  });

  test("what needs no blanking stays as it was", () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        const answer = { Labels: JSON.parse(JSON.stringify(value)) };
        expect(JSON.stringify(blankSecrets(answer))).toBe(JSON.stringify(answer));
      }),
    );
  });

  test("a number that the parser was asked to keep whole is kept", () => {
    const { rawJSON } = JSON as unknown as { readonly rawJSON: (text: string) => unknown };
    const answer = {
      Env: ["A=x"],
      Hard: rawJSON("18446744073709551615"),
      Options: { size: rawJSON("9007199254740993") },
    };
    expect(JSON.stringify(blankSecrets(answer))).toBe(
      '{"Env":["A=***"],"Hard":18446744073709551615,"Options":{"size":9007199254740993}}',
    );
  });
});

import { expect, test } from "vitest";
import { refuseByEngine } from "../engines.ts";
import { ownId } from "../own-id.ts";
import { judgeSession } from "./head.ts";

const ME = "a".repeat(64);
const PREFIX = "X-Docker-Expose-Session-";
const fields = (more: Readonly<Record<string, readonly string[]>> = {}) => {
  const all: Record<string, readonly string[]> = {
    ...{
      Uuid: ["u1"],
      Name: ["ctx"],
      SharedKey: ["k"],
      "Grpc-Method": ["/moby.filesync.v1.FileSync/DiffCopy"],
    },
    ...more,
  };
  return (name: string) => all[name.slice(PREFIX.length)] ?? [];
};

test("the engine gets a new head, with IDs of the client's", () => {
  expect(judgeSession(fields(), ME)).toEqual([
    ["Connection", "Upgrade"],
    ["Upgrade", "h2c"],
    [`${PREFIX}Uuid`, ownId("session", ME, "u1")],
    [`${PREFIX}Name`, "ctx"],
    [`${PREFIX}Sharedkey`, ownId("shared", ME, "k")],
    [`${PREFIX}Grpc-Method`, "/moby.filesync.v1.FileSync/DiffCopy"],
  ]);
});

test("the engine is offered only the calls that a build needs", () => {
  const methods = [
    "/moby.filesync.v1.Auth/Credentials",
    "/moby.buildkit.secrets.v1.Secrets/GetSecret",
    "/containerd.services.content.v1.Content/Read",
    "/moby.upload.v1.Upload/Pull",
    "/moby.filesync.v1.FileSync/DiffCopy\u00e9",
  ];
  const found = judgeSession(fields({ "Grpc-Method": methods }), ME);
  const offered = (found as [string, string][]).filter(([name]) => name.endsWith("Method"));
  expect(offered.map(([, value]) => value)).toEqual(methods.slice(0, 2));
});

test.each([
  ["no ID", { Uuid: [] }],
  ["an empty ID", { Uuid: [""] }],
  ["two IDs", { Uuid: ["a", "b"] }],
  ["two keys", { SharedKey: ["a", "b"] }],
  ["very many calls", { "Grpc-Method": Array<string>(65).fill("/a/b") }],
])("a session with %s is refused", (_what, more) => {
  expect(judgeSession(fields(more), ME)).toMatchObject({ check: "session" });
});

test("a name that is no plain text is replaced", () => {
  expect(judgeSession(fields({ Name: ["caf\u00e9"] }), ME)).toContainEqual([`${PREFIX}Name`, "build"]);
});

test.each(["25.0.2", "25.0.10", "25.1.0", "26.1.5+dfsg1", "28.5.2", "100.0.0"])(
  "Engine %s may build",
  (version) => {
    expect(refuseByEngine(version)).toBeNull();
  },
);

test.each(["25.0.1", "24.0.9", "20.10.24+dfsg1", "24.9.9", "", "dev", "25.0", "25.0.2.1"])(
  "Engine %j may not build",
  (version) => {
    expect(refuseByEngine(version)).toMatchObject({
      check: "engine",
      refuse: expect.stringContaining("25.0.2"),
    });
  },
);

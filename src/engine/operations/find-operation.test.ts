import { describe, expect, test } from "vitest";
import { findOperation } from "./find-operation.ts";

/** `Name version id|name ?query`, for tables. */
function found(method: string, target: string): string | null {
  const call = findOperation(method, target);
  if (!call) return null;
  const params = Object.values(call.params).join(" ");
  return [call.operation.name, call.version ?? "-", params, call.query].join(" ").trimEnd();
}

describe("findOperation()", () => {
  test.each([
    ["GET", "/_ping", "SystemPing -"],
    ["HEAD", "/_ping", "SystemPingHead -"],
    ["GET", "/v1.41/_ping", "SystemPing 1.41"],
    ["GET", "/v1.24/info", "SystemInfo 1.24"],
    ["GET", "/v1.55/containers/json?all=1&x=?", "ContainerList 1.55  all=1&x=?"],
    // engines newer than tetherdock decide which versions they support
    ["GET", "/v1.100/info", "SystemInfo 1.100"],
    ["GET", "/containers/web/json", "ContainerInspect - web"],
    ["GET", "/containers/json/json", "ContainerInspect - json"],
    ["GET", "/containers/a/b/json", "ContainerInspect - a/b"],
    ["GET", "/containers/a/json/logs", "ContainerLogs - a/json"],
    ["GET", "/containers/a/attach/ws", "ContainerAttachWebsocket - a"],
    ["GET", "/containers/a/archive?path=/etc", "ContainerArchive - a path=/etc"],
    ["HEAD", "/containers/a/archive?path=/etc", "ContainerArchiveInfo - a path=/etc"],
    ["PUT", "/containers/a/archive", "PutContainerArchive - a"],
    ["DELETE", "/containers/a", "ContainerDelete - a"],
    ["DELETE", "/containers/a/checkpoints/b", "CheckpointDelete - a b"],
    ["DELETE", "/containers/a/checkpoints/b/c", "ContainerDelete - a/checkpoints/b/c"],
    ["DELETE", "/containers/json", "ContainerDelete - json"],
    ["POST", "/containers/create?name=web", "ContainerCreate -  name=web"],
    ["POST", "/containers/create/start", "ContainerStart - create"],
    ["GET", "/images/reg.test:5000/a/b@sha256:00/json", "ImageInspect - reg.test:5000/a/b@sha256:00"],
    ["GET", "/images/reg.test%3A5000%2Fa%2fb/json", "ImageInspect - reg.test:5000/a/b"],
    ["GET", "/images/get?names=a", "ImageGetAll -  names=a"],
    ["GET", "/images/a/get", "ImageGet - a"],
    ["POST", "/images/a/b/push", "ImagePush - a/b"],
    ["DELETE", "/images/a/b:c", "ImageDelete - a/b:c"],
    ["GET", "/distribution/a/b/json", "DistributionInspect - a/b"],
    ["GET", "/networks/my%20net", "NetworkInspect - my net"],
    ["GET", "/networks/%C3%BC", "NetworkInspect - ü"],
    ["GET", "/networks/create", "NetworkInspect - create"],
    ["POST", "/networks/create", "NetworkCreate -"],
    ["POST", "/networks/create/connect", "NetworkConnect - create"],
    ["GET", "/volumes/a+b", "VolumeInspect - a+b"],
    ["GET", "/plugins/privileges", "GetPluginPrivileges -"],
    ["POST", "/plugins/a/b:c/enable", "PluginEnable - a/b:c"],
    ["GET", "/services/a/logs?follow=1", "ServiceLogs - a follow=1"],
    ["GET", "/swarm/unlockkey", "SwarmUnlockkey -"],
    ["POST", "/session", "Session -"],
    ["POST", "/v1.47/grpc", "Grpc 1.47"],
    ["POST", "/build/cancel?id=x", "BuildCancel -  id=x"],
    ["GET", "/info?", "SystemInfo -"],
    ["GET", "/info??", "SystemInfo -  ?"],
    // the engine decodes this before matching, so it is the same list, and we recognise it
    ["GET", "/containers%2Fjson", "ContainerList -"],
    ["GET", "/v1.41%2Finfo", "SystemInfo 1.41"],
  ])("%s %s is %s", (method, target, expected) => {
    expect(found(method, target)).toBe(expected);
  });

  test.each([
    [
      "nothing there",
      ["/", "/v1.41", "/v1.41/", "/nothing", "/tetherdock/v1/status", "/debug/pprof/heap", "/debug/vars"],
    ],
    [
      "no origin form",
      ["", "*", "info", "http://box/info", "box:2376", "//box/info", "?x", "/info#x", "/info?a#b"],
    ],
    ["upper case", ["/INFO", "/Containers/json", "/V1.41/info"]],
    [
      "a slash at the end",
      ["/info/", "/containers/", "/containers/a/", "/containers/a/json/", "/networks/", "/volumes/"],
    ],
    [
      "two slashes",
      [
        "//info",
        "/containers//json",
        "/v1.41//info",
        "/images/a//b/json",
        "/images/a%2F%2Fb/json",
        "/images/%2Fa/json",
      ],
    ],
    [
      "dot segments",
      [
        "/./info",
        "/../info",
        "/containers/../info",
        "/images/a/../b/json",
        "/containers/./json",
        "/images/%2e%2e/json",
        "/images/a/.%2e/json",
        "/images/a%2F..%2Fb/json",
        "/volumes/..",
      ],
    ],
    [
      "needless escapes",
      [
        "/%69nfo",
        "/info%2e",
        "/v1%2e41/info",
        "/v%31.41/info",
        "/containers/a%5Fb/json",
        "/containers/a%2Db/json",
        "/%5Aoo",
        "/volumes/%7E",
        "/containers/%7A/json",
      ],
    ],
    ["escapes of escapes", ["/containers/%252e%252e/json", "/containers/a%25/json", "/images/a%252fb/json"]],
    [
      "escapes that are none",
      [
        "/containers/%/json",
        "/containers/%4/json",
        "/containers/%zz/json",
        "/containers/a%",
        "/containers/%u0041/json",
      ],
    ],
    ["no UTF-8", ["/networks/%ff", "/networks/%c0%af", "/networks/%ed%a0%80", "/networks/%C3"]],
    [
      "control characters",
      [
        "/containers/a%00/json",
        "/containers/a%0a/json",
        "/info%0d%0a",
        "/volumes/%7f",
        "/networks/%C2%85",
        "/info\n",
        "/info\0",
        "/info \t",
      ],
    ],
    [
      "other people's separators",
      [
        "/info;x",
        "/containers/a;b/json",
        "/info%3Fx",
        "/info%3f",
        "/info%23",
        "/containers/a%3B/json",
        "/containers\\json",
        "/containers/a%5Cb/json",
      ],
    ],
    ["beyond ASCII", ["/networks/ü", "/info?ü", "/ｉnfo"]],
    [
      "versions in another form",
      [
        "/v1.41/v1.41/info",
        "/v01.41/info",
        "/v1.041/info",
        "/v1.41.0/info",
        "/v1./info",
        "/v.41/info",
        "/v1/info",
        "/v2.0/info",
        "/v/info",
        "/v-1.41/info",
        "/v1.41x/info",
        "/1.41/info",
        "/v1..41/info",
        "/v1.1000/info",
      ],
    ],
    ["versions before 1.24", ["/v1.0/info", "/v1.9/info", "/v1.12/info", "/v1.23/info"]],
    [
      "a path that is longer or shorter",
      [
        "/info/x",
        "/_ping/x",
        "/services/a/b",
        "/tasks/a/b/logs",
        "/secrets/a/b",
        "/containers",
        "/images",
        "/exec/a",
        "/containers/a/attach/wsx",
        "/containers/attach/ws",
      ],
    ],
  ])("%s: null", (_, targets) => {
    expect(targets.filter((target) => findOperation("GET", target))).toEqual([]);
  });

  test.each([
    "get",
    "Get",
    "HEAD",
    "OPTIONS",
    "PATCH",
    "CONNECT",
    "TRACE",
    "PRI",
    "",
    "GET ",
    "constructor",
    "__proto__",
  ])("the method %j does not match /info", (method) => {
    expect(findOperation(method, "/info")).toBeNull();
  });

  test("gives the same answer again, also after many others", () => {
    // Other tests of this process may have filled the cache; it is emptied after this many others.
    for (let at = 0; at < 20_000; at++) findOperation("GET", "/containers/a/json");
    const first = findOperation("GET", "/containers/a/json");
    expect(findOperation("GET", "/containers/a/json")).toBe(first);
    for (let at = 0; at < 40_000; at++) findOperation("GET", `/containers/${at}/json`);
    expect(findOperation("GET", "/containers/a/json")).toEqual(first);
    for (const at of [0, 1, 20_000, 39_999])
      expect(found("GET", `/containers/${at}/json`)).toBe(`ContainerInspect - ${at}`);
    // a full cache is eventually emptied, and accepts the targets that are in use now
    for (let at = 0; at < 20_000; at++) findOperation("GET", "/containers/new/json");
    expect(findOperation("GET", "/containers/new/json")).toBe(findOperation("GET", "/containers/new/json"));
    const long = `/images/${"a".repeat(4000)}/json`;
    expect(found("GET", long)).toBe(`ImageInspect - ${"a".repeat(4000)}`);
  });
});

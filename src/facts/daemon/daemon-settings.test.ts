import { describe, expect, test } from "vitest";
import { daemonJson, hostFacts } from "../../../test/support/host-facts.ts";
import { readDaemonJson } from "./daemon-json.ts";
import {
  fromCommandLine,
  nextSettings,
  runningSettings,
  settingsInBothPlaces,
  tlsFiles,
} from "./daemon-settings.ts";

const facts = (json: string, commandLine: string[] = []) =>
  hostFacts({}, { daemonJson: daemonJson(json), commandLine });

describe("settings of the daemon", () => {
  test("flags in every spelling; words with spaces and quotes stay whole", () => {
    const read = fromCommandLine([
      "/d",
      "-H",
      "fd://",
      "--tlskey=/a b/it's.pem",
      "--authorization-plugin",
      "p",
      "--tlsverify",
    ]);
    expect(read.hosts).toEqual(["fd://"]);
    expect(read.tls.get("tlskey")).toBe("/a b/it's.pem");
    expect(read.tls.get("tlsverify")).toBe("true");
    expect(read.authorizationPlugins).toEqual(["p"]);
  });
  test("daemon.json applies to the running daemon and to the next start", () => {
    const json = '{"hosts": ["tcp://0.0.0.0:2376"], "tlsverify": true, "authorization-plugins": ["q"]}';
    const known = { facts: facts(json, ["/d", "--tlskey=/k"]), unitCommandLine: ["/d", "--tlskey=/n"] };
    expect(runningSettings(known).tls).toEqual(
      new Map([
        ["tlsverify", "true"],
        ["tlskey", "/k"],
      ]),
    );
    expect(nextSettings(known).tls.get("tlskey")).toBe("/n");
    expect(nextSettings(known).hosts).toEqual(["tcp://0.0.0.0:2376"]);
    expect(nextSettings(known).authorizationPlugins).toEqual(["q"]);
  });
  test.each([
    ["{", false],
    ["[]", false],
    ["null", false],
    ["", true],
    ["{}", true],
  ])("daemon.json %j: readable %s", (text, ok) => expect(readDaemonJson(daemonJson(text)).ok).toBe(ok));
  test.each([
    ['{"hosts": []}', ["/d", "-H", "fd://"], []],
    ['{"hosts": ["fd://"]}', ["/d", "-H", "fd://"], ["hosts"]],
    ['{"tlsverify": true}', ["/d", "--tlsverify"], ["tlsverify"]],
    ['{"hosts": ["fd://"], "tls": true}', ["/d", "--tlsverify"], []],
  ])("%s beside %j", (json, unit, expected) =>
    expect(settingsInBothPlaces(facts(json), unit)).toEqual(expected),
  );
  test("TLS without paths uses root's folder; without TLS there are no files", () => {
    expect(tlsFiles(fromCommandLine(["/d", "--tlsverify"]))?.key).toBe("/root/.docker/key.pem");
    expect(tlsFiles(fromCommandLine(["/d", "--tlsverify=false"]))?.key).toBe("/root/.docker/key.pem");
    expect(tlsFiles(fromCommandLine(["/d", "--tls=false"]))).toBeNull();
    expect(tlsFiles(fromCommandLine(["/d", "-H", "fd://"]))).toBeNull();
  });
});

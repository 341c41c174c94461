import { describe, expect, test } from "vitest";
import { mergedList, parseUnit } from "./unit-file.ts";

const unit = (text: string, path = "/lib/systemd/system/docker.service") => ({ path, text });

describe("parseUnit()", () => {
  test("joins continued lines and drops comments, also between them", () => {
    const text = "[Service]\nExecStart=/usr/bin/dockerd \\\n# a comment\n  -H fd://\n;x\nType=notify\n";
    expect(parseUnit(unit(text)).map(({ section, key, value }) => [section, key, value])).toEqual([
      ["Service", "ExecStart", "/usr/bin/dockerd    -H fd://"],
      ["Service", "Type", "notify"],
    ]);
  });
});

describe("mergedList()", () => {
  const vendor = unit("[Service]\nExecStart=/usr/bin/dockerd -H fd://\n");
  test("an empty assignment in a drop-in resets the list", () => {
    const dropIn = unit("[Service]\nExecStart=\nExecStart=/usr/bin/dockerd -D\n", "/etc/x.conf");
    expect(mergedList([vendor, dropIn], "Service", "ExecStart").map(({ value }) => value)).toEqual([
      "/usr/bin/dockerd -D",
    ]);
  });
  test("does not confuse sections", () => {
    expect(mergedList([vendor], "Socket", "ExecStart")).toEqual([]);
  });
});

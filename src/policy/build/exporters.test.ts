import { describe, expect, test } from "vitest";
import { refusalIn } from "../refusal.ts";
import { judgeExporters } from "./exporters.ts";
import type { Message } from "./wire.ts";

const exporter = (Type: string, name?: string): Message => ({
  Type,
  Attrs: new Map([...(name === undefined ? [] : [["name", name] as const]), ["unpack", "true"] as const]),
});

function checkOf(...Exporters: Message[]): string {
  try {
    judgeExporters({ Exporters });
    return "passed";
  } catch (error) {
    return refusalIn(error).check;
  }
}

test.each(["image", "moby"])("the engine gets no names, and %s is its own exporter", (type) => {
  const archive = exporter("docker", "kept");
  const found = judgeExporters({
    ...{ Ref: "ref", ExporterDeprecated: type, ExporterAttrsDeprecated: new Map([["name", "old"]]) },
    Exporters: [archive, exporter(type, "new,mine")],
  });
  expect(found).toEqual({
    names: ["old", "new", "mine"],
    message: {
      ...{ ExporterDeprecated: "moby", ExporterAttrsDeprecated: new Map() },
      Exporters: [archive, exporter("moby")],
    },
  });
});

test.each(["a/../web", "a//web", "a/./web", "x.test/-a", "a..b/", "a/b:c/d"])("%s is not a name", (name) => {
  expect(checkOf(exporter("image", name))).toBe("imageName");
});

test.each(["face", "face:1", "UP/web", "x.test:5000/a.b/c__d:V1", "localhost/web"])(
  "%s is a name",
  (name) => {
    expect(checkOf(exporter("image", name))).toBe("passed");
  },
);

test("both forms together may have 16 names", () => {
  const solve = (name: string): Message => ({
    ...{ ExporterDeprecated: "moby", ExporterAttrsDeprecated: new Map([["name", "a,b,c,d,e,f,g,h"]]) },
    Exporters: [exporter("moby", name)],
  });
  expect(judgeExporters(solve("i,j,k,l,m,n,o,p")).names).toHaveLength(16);
  expect(() => judgeExporters(solve("i,j,k,l,m,n,o,p,q"))).toThrow("there may be 16 names at most");
});

test("a message without exporters stays as it is", () => {
  expect(judgeExporters({ Ref: "ref" })).toEqual({ names: [], message: {} });
  expect(judgeExporters({ Exporters: [] })).toEqual({ names: [], message: { Exporters: [] } });
});

describe("the answer has the ID of the last image", () => {
  test.each([
    ["a named image, and files to the client", exporter("image", "new"), exporter("local")],
    ["an archive, and a named image", exporter("oci"), exporter("image", "new")],
    ["an archive that has names in it", exporter("docker", "theirs"), exporter("oci")],
    ["two images without names", exporter("image"), exporter("image")],
  ])("%s pass", (_what, ...exporters) => {
    expect(checkOf(...exporters)).toBe("passed");
  });

  test.each([
    ["an archive", exporter("oci")],
    ["an image without names", exporter("moby")],
    ["an image with another name", exporter("image", "other")],
  ])("%s behind a named image is refused", (_what, other) => {
    expect(checkOf(exporter("image", "new"), other)).toBe("output");
  });
});

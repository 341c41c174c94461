import { BinaryWriter, WireType } from "@bufbuild/protobuf/wire";
import { describe, expect, test } from "vitest";
import { emptyEngine, ME, OTHER } from "../../../test/support/policy/engine.ts";
import type { EngineLookup, Labels } from "../asking.ts";
import { BUILDER_LABEL } from "./attributes.ts";
import { judgeGrpc } from "./calls.ts";
import { CONTROL_SOLVE } from "./messages.ts";
import { imageIdOf, inFull, repositoryAndTag } from "./naming.ts";
import { map, read, text, write } from "./wire.ts";

const ID = `sha256:${"1".repeat(64)}`;
const RESPONSE = { 1: map("ExporterResponse", text) };
const responseOf = (...pairs: [string, string][]): Uint8Array =>
  write({ ExporterResponse: new Map(pairs) }, RESPONSE);
const BUILT = responseOf(["containerimage.digest", ID], ["containerimage.config.digest", "sha256:0"]);

/** An engine with images by their names; it keeps the names that it gives. */
function engineWith(images: Map<string, Labels>, isThere = true) {
  const given: string[] = [];
  const engine: EngineLookup = {
    ...emptyEngine,
    inspectImage: async (name) => images.get(name) ?? null,
    tagImage: async (id, repository, tag) => {
      if (isThere) given.push(`${id} ${repository} ${tag}`);
      return isThere;
    },
  };
  return { engine, given };
}

/** Begins a build with these names, as the client sends it; `after` ends it. */
async function begun(name: string, engine: EngineLookup) {
  const message = write(
    { Ref: "ref", Session: "s", Exporters: [{ Type: "moby", Attrs: new Map([["name", name]]) }] },
    CONTROL_SOLVE,
  );
  const verdict = await judgeGrpc(
    { method: "moby.buildkit.v1.Control/Solve", message, buildId: null },
    ME,
    engine,
    () => true,
  );
  if ("refuse" in verdict || verdict.finish === undefined) return expect.fail("it does not begin");
  const { finish } = verdict;
  return async (answer = BUILT) => {
    const end = await finish(answer);
    return end instanceof Uint8Array ? end : `${end.check}: ${end.refuse}`;
  };
}

test("a build that has ended gets its names, and the answer says so, as an engine's does", async () => {
  const { engine, given } = engineWith(new Map());
  const end = await (await begun("web,x.example:5000/web:v1", engine))();
  expect(given).toEqual([`${ID} web latest`, `${ID} x.example:5000/web v1`]);
  expect(read(end as Uint8Array, RESPONSE, "response")).toEqual({
    ExporterResponse: new Map([
      ["containerimage.digest", ID],
      ["containerimage.config.digest", "sha256:0"],
      ["image.name", "docker.io/library/web,x.example:5000/web:v1"],
    ]),
  });
});

describe("a name that is taken while the image is built", () => {
  test.each([
    ["by another client", { [BUILDER_LABEL]: OTHER }],
    ["by an image that was pulled", {}],
  ])("%s stays theirs, and the image gets none of its names", async (_who, labels) => {
    const images = new Map<string, Labels>();
    const { engine, given } = engineWith(images);
    const end = await begun("other,web", engine);
    images.set("web:latest", labels);
    expect(await end()).toBe(
      `imageName: the image's name is "web": somebody else took it during the build; build again with another name. The image was built and has no name; its ID is ${ID} (check imageName)`,
    );
    expect(given).toEqual([]);
  });

  test("by the same client moves, as in Docker", async () => {
    const images = new Map<string, Labels>();
    const { engine, given } = engineWith(images);
    const end = await begun("web", engine);
    images.set("web:latest", { [BUILDER_LABEL]: ME });
    expect(await end()).toBeInstanceOf(Uint8Array);
    expect(given).toEqual([`${ID} web latest`]);
  });
});

test("an image that the engine no longer has gets no name, and the client is told", async () => {
  const { engine } = engineWith(new Map(), false);
  expect(await (await begun("web", engine))()).toContain("the engine could not give it; build again");
});

test("an engine that does not answer fails the call", async () => {
  const { engine } = engineWith(new Map());
  const broken = { ...engine, tagImage: () => Promise.reject(new Error("gone")) };
  await expect((await begun("web", broken))()).rejects.toThrow("gone");
});

test.each([
  ["an answer without an ID", responseOf(["image.name", "web"])],
  ["an ID that is a name", responseOf(["containerimage.digest", "postgres"])],
  ["an ID of another algorithm", responseOf(["containerimage.digest", `sha512:${"1".repeat(128)}`])],
  ["bytes that are no message", Uint8Array.of(0x0a, 0xff)],
  ["nothing", new Uint8Array()],
])("%s gives no name to anything", async (_what, answer) => {
  const { engine, given } = engineWith(new Map());
  expect(imageIdOf(answer)).toBeNull();
  expect(await (await begun("web", engine))(answer)).toContain("the engine did not say which image it built");
  expect(given).toEqual([]);
});

test("what a newer engine adds to the answer reaches the client, and of an ID that appears twice the last counts", () => {
  const other = `sha256:${"2".repeat(64)}`;
  const more = new BinaryWriter()
    .tag(9, WireType.LengthDelimited)
    .string("more")
    .tag(1, WireType.LengthDelimited)
    .fork()
    .tag(3, WireType.Varint)
    .int32(1)
    .tag(2, WireType.LengthDelimited)
    .string(other)
    .tag(1, WireType.LengthDelimited)
    .string("containerimage.digest")
    .join()
    .finish();
  expect(imageIdOf(Buffer.concat([BUILT, more]))).toBe(other);
});

test.each([
  ["web", "web", "latest"],
  ["web:v1", "web", "v1"],
  ["x.example:5000/web", "x.example:5000/web", "latest"],
  ["x.example:5000/a/web:v1", "x.example:5000/a/web", "v1"],
])("the name %s has the repository %s and the tag %s", (name, ...parts) => {
  expect(repositoryAndTag(name)).toEqual(parts);
});

test.each([
  ["web:v1", "docker.io/library/web:v1"],
  ["me/web", "docker.io/me/web"],
  ["docker.io/web", "docker.io/library/web"],
  ["index.docker.io/web", "docker.io/library/web"],
  ["localhost/web", "localhost/web"],
  ["host:5000/web:v1", "host:5000/web:v1"],
  ["x.example/a/web", "x.example/a/web"],
  ["Upper/web", "Upper/web"],
])("the name %s is %s in full", (name, full) => {
  expect(inFull(name)).toBe(full);
});

/** How large a compressed archive may become, and that it counts. */
import { randomBytes } from "node:crypto";
import { gzipSync } from "node:zlib";
import { expect, test } from "vitest";
import { askRole } from "../../../test/support/policy/ask-role.ts";
import { emptyEngine } from "../../../test/support/policy/engine.ts";
import { tar } from "../../base/index.ts";
import { compileRole, defaultRole, type EngineLookup } from "../index.ts";
import { inflated } from "./inflate.ts";

const KIBIBYTE = 1024;

/** @param random how many KiB gzip cannot make smaller */
const bytesOf = (kibibytes: number, random: number): Buffer =>
  Buffer.concat([randomBytes(random * KIBIBYTE), Buffer.alloc((kibibytes - random) * KIBIBYTE)]);

test.each([
  ["256 KiB of less than 1 KiB", 256, 0],
  ["less than 16 times", 3000, 190],
  ["4 MiB", 4096, 300],
])("%s", async (_what, kibibytes, random) => {
  const bytes = bytesOf(kibibytes, random);
  expect(await inflated(gzipSync(bytes))).toEqual(bytes);
});

test.each([
  ["257 KiB of less than 1 KiB", 257, 0, "larger than 256 KiB"],
  ["more than 16 times", 3000, 180, /larger than 2[89]\d\d KiB/],
  ["more than 4 MiB", 4097, 300, "larger than 4096 KiB"],
])("%s is refused", async (_what, kibibytes, random, why) => {
  await expect(inflated(gzipSync(bytesOf(kibibytes, random)))).rejects.toThrow(why);
});

test("bytes that are not compressed are the same afterwards", async () => {
  const bytes = bytesOf(1, 1);
  expect(await inflated(bytes)).toBe(bytes);
});

test("both forms count in the client's memory before the engine is asked about the build", async () => {
  const held: number[] = [];
  const findImage: EngineLookup["findImage"] = async () => {
    expect(held).toHaveLength(1);
    return { id: `sha256:${"1".repeat(64)}`, hasTriggers: false, labels: {}, platform: "linux/amd64" };
  };
  const { ask } = askRole(compileRole(defaultRole("builder")), { ...emptyEngine, findImage });
  const over = { contentType: ["application/x-tar"], holds: (bytes: number) => void held.push(bytes) };
  const data = Buffer.from("FROM tiny\n");
  const plain = tar.writeArchive([
    { path: "Dockerfile", type: "file", mode: 0o644, time: 0, target: "", data },
  ]);
  const sent = gzipSync(plain);
  expect(await ask("POST /v1.41/build", sent, over)).toMatchObject({ allow: true });
  expect(held).toEqual([sent.length + plain.length]);
  expect(await ask("POST /v1.41/build", plain, over)).toMatchObject({ allow: true });
  expect(held, "the body is counted already").toHaveLength(1);
});

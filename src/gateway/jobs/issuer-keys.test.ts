/** Where an issuer's keys are taken from, and for how long. */
import { PassThrough } from "node:stream";
import { expect, test } from "vitest";
import type { JobToken, JobTrust } from "../../identity/index.ts";
import { IssuerKeys, keysUrl } from "./issuer-keys.ts";

const ISSUER = "https://ci.example/org";
const KEY = { kty: "RSA", kid: "one", n: "AQAB", e: "AQAB" };
const discovery = (more: object = {}) =>
  JSON.stringify({ issuer: ISSUER, jwks_uri: "https://ci.example/keys", ...more });

test.each([
  ["keys on another server", { jwks_uri: "https://evil.example/keys" }],
  ["keys on another port", { jwks_uri: "https://ci.example:8443/keys" }],
  ["keys on http", { jwks_uri: "http://ci.example/keys" }],
  ["an address of keys that is not a URL", { jwks_uri: "keys" }],
  ["another issuer", { issuer: "https://ci.example/other" }],
  ["an issuer with an extra slash", { issuer: `${ISSUER}/` }],
  ["no keys", { jwks_uri: 1 }],
])("a configuration with %s is refused", (_what, more) => {
  expect(keysUrl(ISSUER, discovery(more))).toHaveProperty("problem");
});

test("a configuration that is not JSON is refused, and a valid one names the keys", () => {
  expect(keysUrl(ISSUER, "<html>")).toHaveProperty("problem");
  expect(keysUrl(ISSUER, discovery())).toEqual({ url: new URL("https://ci.example/keys") });
});

function made(keys: () => readonly object[] = () => [KEY]) {
  const state = { now: 1_000_000, asked: [] as string[] };
  const found = new IssuerKeys(
    async (url) => {
      state.asked.push(url.href);
      return url.href.endsWith("/keys") ? JSON.stringify({ keys: keys() }) : discovery();
    },
    () => state.now,
  );
  const trust = { issuer: ISSUER, ca: null } as JobTrust;
  const find = (keyId: string | null = "one", more: Partial<JobTrust> = {}) =>
    found.find({ ...trust, ...more }, { keyId } as JobToken, () => new PassThrough());
  return { state, find };
}

test("keys are kept for ten minutes, and looked for anew when one is missing, or the clock goes back", async () => {
  const { state, find } = made();
  await find();
  await find();
  expect(state.asked).toEqual([
    "https://ci.example/org/.well-known/openid-configuration",
    "https://ci.example/keys",
  ]);
  await find("two");
  expect(state.asked).toHaveLength(4);
  state.now += 600_000;
  await find();
  expect(state.asked).toHaveLength(6);
  state.now -= 1;
  await find();
  expect(state.asked).toHaveLength(8);
});

test("keys that were verified with another CA are not used", async () => {
  const { state, find } = made();
  await find();
  await find("one", { ca: "another" });
  expect(state.asked).toHaveLength(4);
});

test.each([
  ["more than 100 keys", Array.from({ length: 101 }, () => KEY)],
  ["something that is not a key", [7]],
])("a set with %s is refused", async (_what, keys) => {
  expect(await made(() => keys as object[]).find()).toMatchObject({
    problem: expect.stringContaining("keys"),
  });
});

test("secret keys and keys for encryption are left out", async () => {
  const keys = [
    { kty: "oct", kid: "one", k: "AAAA" },
    { ...KEY, use: "enc" },
    { ...KEY, kid: "two" },
  ];
  expect(await made(() => keys).find("two")).toMatchObject({ keys: [{ kid: "two" }] });
});

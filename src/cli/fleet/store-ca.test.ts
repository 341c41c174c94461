import { expect, test } from "vitest";
import { withCaBefore } from "./store-flags.ts";

const taker = { url: "URL", example: "tetherdock fleet store URL" } as const;
const at = (url: string, ca: string | null = null) => ({ urls: [url], ca });
const before = at("https://web.example/acme", "PEM");
const flags = (more: { storeCa?: string; publicCa?: boolean } = {}) => ({
  ...{ storeCa: undefined, publicCa: false },
  ...more,
});
const next = (url: string, more = {}) => withCaBefore(before, at(url), flags(more), taker).ca;

test("the CA of a store stays, while its server does, until somebody says otherwise", () => {
  expect(next("https://web.example/acme")).toBe("PEM");
  expect(next("https://web.example/other")).toBe("PEM");
  expect(next("https://web.example/acme", { publicCa: true })).toBeNull();
  expect(next("https://away.example/acme", { publicCa: true })).toBeNull();
  expect(withCaBefore(before, at("https://web.example/acme", "NEW"), flags({ storeCa: "f" }), taker).ca).toBe(
    "NEW",
  );
  for (const none of [null, at("https://web.example/acme")])
    expect(withCaBefore(none, at("https://away.example/acme"), flags(), taker).ca).toBeNull();
});

test("another server needs a word about its CA, and one only", () => {
  expect(() => next("https://away.example/acme")).toThrow("say which CA the new store's certificate is by");
  expect(() => next("https://web.example:8443/acme")).toThrow("--store-ca FILE, or --public-ca");
  expect(() => next("https://web.example/acme", { publicCa: true, storeCa: "f" })).toThrow(
    "exclude each other",
  );
});

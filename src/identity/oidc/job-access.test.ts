/** Passes of jobs: a token lets one key in, a key is of one client, and nothing is kept longer than needed. */
import fc from "fast-check";
import { expect, test } from "vitest";
import type { Client } from "../client.ts";
import { clientOf, passesByKey, passOf, withPass, withTrust } from "./job-access.ts";
import {
  claimsProblem,
  formatJobAccess,
  isIssuer,
  type JobAccess,
  type JobPass,
  type JobTrust,
  jobIdentity,
  MAX_PASSES,
  MAX_TRUSTS,
  NO_JOBS,
  parseJobAccess,
} from "./job-trust.ts";

const NOW = Date.parse("2026-11-27T12:00:00Z");
const at = (seconds: number) => new Date(NOW + seconds * 1000).toISOString();
const hash = (letter: string) => letter.repeat(64);
const trust: JobTrust = {
  ...{ name: "ci", issuer: "https://ci.example", audience: "here", claims: { repository: "org/app" } },
  ...{ lifeMs: 600_000, ca: null },
};
const client = (of: JobTrust): Client => ({
  ...{ name: of.name, fingerprint: jobIdentity(of), role: "viewer", state: "active", expires: null },
});
const pass: JobPass = {
  ...{ identity: jobIdentity(trust), key: hash("a"), token: hash("1") },
  ...{ until: at(600), tokenUntil: at(300) },
};
const one: JobAccess = { trusts: [trust], passes: [pass] };

test("the file is read back as it was written; anything else is refused", () => {
  expect(parseJobAccess(formatJobAccess(one))).toEqual({ value: one });
  expect(parseJobAccess(formatJobAccess(NO_JOBS))).toEqual({ value: NO_JOBS });
  for (const broken of ["", "{}", '{"version":2,"trusts":[],"passes":[]}'])
    expect(parseJobAccess(broken)).toHaveProperty("problems");
  for (const more of [
    { issuer: "http://x.example" },
    { claims: { a: 1 } },
    { lifeMs: 1 },
    { claims: ["a"] },
    { x: 1 },
  ])
    expect(
      parseJobAccess(formatJobAccess({ ...one, trusts: [{ ...trust, ...more } as JobTrust] })),
    ).toHaveProperty("problems");
});

test("a token lets one key in, as often as that key asks, and is remembered until it has ended", () => {
  const wanted = { ...pass, until: at(700) };
  expect(withPass(one, wanted, NOW)).toMatchObject({ pass });
  expect(withPass(one, { ...wanted, key: hash("b") }, NOW)).toEqual({ refused: "used-token" });
  const ended = { ...one, passes: [{ ...pass, until: at(-1) }] };
  expect(withPass(ended, wanted, NOW)).toEqual({ refused: "used-token" });
  expect(withPass(ended, { ...wanted, key: hash("b") }, NOW + 361_000)).toHaveProperty("pass");
});

test("a new token prolongs its key's access; a key does not change its client", () => {
  const next = withPass(one, { ...pass, token: hash("2"), until: at(900) }, NOW);
  const { passes } = "access" in next ? next.access : NO_JOBS;
  expect(passOf(passesByKey(passes), pass.key, NOW)).toEqual({
    identity: pass.identity,
    until: NOW + 900_000,
  });
  expect(passOf(passesByKey(passes), pass.key, NOW + 900_000)).toBeNull();
  expect(withPass(one, { ...pass, token: hash("2"), identity: hash("f") }, NOW)).toEqual({
    refused: "used-key",
  });
});

test("jobs of one client at a time are limited, and those of another are not", () => {
  const passes = Array.from({ length: MAX_PASSES }, (_, index) => ({
    ...pass,
    ...{ key: `${index}`.padStart(64, "0"), token: `${index}`.padStart(64, "f") },
  }));
  const fresh = { ...pass, key: hash("b"), token: hash("2") };
  expect(withPass({ trusts: [], passes }, fresh, NOW)).toEqual({ refused: "too-many-jobs" });
  expect(withPass({ trusts: [], passes }, { ...fresh, identity: hash("e") }, NOW)).toHaveProperty("pass");
  const later = withPass({ trusts: [], passes }, { ...fresh, until: at(2_000) }, NOW + 601_000);
  expect("access" in later && later.access.passes).toHaveLength(1);
});

test("a trust counts only while its client is on the list, under its own identity", () => {
  expect(clientOf(trust, [client(trust)])).toBeDefined();
  expect(clientOf(trust, [])).toBeUndefined();
  expect(clientOf(trust, [{ ...client(trust), fingerprint: hash("a") }])).toBeUndefined();
  expect(clientOf(trust, [{ ...client(trust), name: "other" }])).toBeUndefined();
});

test("a client that is added again ends the access of earlier jobs, and their tokens stay used", () => {
  const next = withTrust(one, { ...trust, claims: { repository: "org/other" } }, [], NOW) ?? NO_JOBS;
  expect(next.trusts).toHaveLength(1);
  expect(passOf(passesByKey(next.passes), pass.key, NOW)).toBeNull();
  expect(withPass(next, { ...pass, key: hash("b") }, NOW)).toEqual({ refused: "used-token" });
});

test("the number of trusts is limited; those without a client do not count", () => {
  const many = Array.from({ length: MAX_TRUSTS }, (_, index) => ({ ...trust, name: `ci${index}` }));
  expect(withTrust({ trusts: many, passes: [] }, trust, many.map(client), NOW)).toBeNull();
  expect(withTrust({ trusts: many, passes: [] }, trust, [], NOW)?.trusts).toEqual([trust]);
});

test.each([
  "https://ci.example",
  "https://ci.example:8443",
  "https://ci.example/a/b",
  "https://[2001:db8::7]",
])("%s can be an issuer", (issuer) => expect(isIssuer(issuer)).toBe(true));

test.each([
  ...[
    "http://ci.example",
    "https://",
    "https://ci.example?x",
    "https://ci.example#x",
    "https://u@ci.example",
    "ci.example",
  ],
  ...[
    "https://CI.example",
    "https://ci.example/../x",
    "https://ci.example:443",
    "https://ci.example\\x",
    "https://c i",
  ],
])("%s cannot be an issuer", (issuer) => expect(isIssuer(issuer)).toBe(false));

test("for a public issuer no claims are enough without one that names the project", () => {
  const names = fc.constantFrom("environment", "ref", "actor", "repository_owner", "workflow");
  fc.assert(
    fc.property(fc.dictionary(names, fc.string()), (claims) => {
      expect(claimsProblem("https://token.actions.githubusercontent.com", claims)).not.toBeNull();
      expect(
        claimsProblem("https://token.actions.githubusercontent.com", { ...claims, repository: "a/b" }),
      ).toBeNull();
    }),
  );
});

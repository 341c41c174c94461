import { describe, expect, test } from "vitest";
import { DAY_MS } from "../base/index.ts";
import { crossCertify, followBundle, formatBundle, offeredKey, readBundle } from "./ca-bundle.ts";
import { issueClient } from "./issue.ts";
import { makeKeyPair } from "./keys/key-pair.ts";
import { isIssuedBy } from "./keys/match.ts";
import { makeAuthority } from "./make-authority.ts";
import { type Authority, openAuthority } from "./open-authority.ts";
import { renewAuthority } from "./renew-authority.ts";

const NOW = Date.parse("2026-11-27T00:00:00Z");
const named = async (subject: string): Promise<Authority> =>
  openAuthority(await makeAuthority({ subject, now: NOW - 1_000 * DAY_MS }));

const old = await named("tetherdock vps 0a");
const next = await named("tetherdock vps 0b");
const thief = await named("tetherdock vps 0c");
const cross = await crossCertify(old, next.certificate);
const bundle = (authorities: readonly Authority[], crosses: readonly string[] = []) =>
  formatBundle({ authorities: authorities.map(({ certificate }) => certificate), crosses });
const OFFERED = bundle([old, next], [cross]);
const SWITCHED = bundle([next, old]);

const follow = (sent: string, kept = bundle([old]), now = NOW) => followBundle(sent, kept, now);

describe("a file with several CAs", () => {
  test("has CAs in their order, and cross-certificates of them, which TLS is not to trust", () => {
    expect(readBundle(OFFERED)).toEqual({
      authorities: [old.certificate, next.certificate],
      crosses: [cross],
    });
    expect(isIssuedBy(cross, old.certificate)).toBe(true);
    expect(offeredKey(OFFERED)).toBe(next.facts.publicKeyFingerprint);
    expect([offeredKey(SWITCHED), offeredKey(bundle([old])), offeredKey("")]).toEqual([null, null, null]);
  });

  test("may have an operator's own CA that another has signed: it is no cross-certificate", () => {
    const text = formatBundle({ authorities: [cross], crosses: [] });
    expect(readBundle(text)).toEqual({ authorities: [cross], crosses: [] });
  });

  test("is read with a bound, and without what is damaged", () => {
    const damaged = "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n";
    expect(readBundle(`x${damaged}${old.certificate}`).authorities).toEqual([old.certificate]);
    expect(readBundle(old.certificate.repeat(50)).authorities).toHaveLength(8);
    expect(readBundle("")).toEqual({ authorities: [], crosses: [] });
  });
});

describe("a client that is sent CAs", () => {
  test("trusts the offered one besides its own, and keeps no cross-certificate", () => {
    expect(follow(OFFERED)).toBe(bundle([old, next]));
    expect(follow(OFFERED, bundle([old, next]))).toBeNull();
  });

  test("drops the old one when the new one has its place", () => {
    expect(follow(SWITCHED, bundle([old, next]))).toBe(bundle([next]));
    expect(follow(SWITCHED, bundle([next]))).toBeNull();
    expect(follow(bundle([next]), bundle([old, next]))).toBe(bundle([next]));
  });

  test("keeps the offered one when it is no longer offered: whoever counted it may still rely on it", () => {
    expect(follow(bundle([old]), bundle([old, next]))).toBeNull();
  });

  test("takes the next certificate of its own CA too", async () => {
    const renewed = await renewAuthority(old, NOW);
    expect(follow(bundle([renewed]))).toBe(bundle([renewed]));
    expect(follow(bundle([renewed]), bundle([old, next]))).toBe(bundle([renewed, next]));
  });

  test("trusts none without the signature of the CA that it trusts first", async () => {
    const byThief = await crossCertify(thief, next.certificate);
    const forThief = await crossCertify(old, next.certificate);
    for (const sent of [
      bundle([old, next]),
      bundle([next]),
      SWITCHED,
      bundle([old, next], [byThief]),
      bundle([old, thief], [forThief]),
      bundle([thief, next], [forThief]),
      "",
      "-----BEGIN CERTIFICATE-----",
    ])
      expect(follow(sent)).toBeNull();
  });

  test("trusts no certificate that is none of a CA, and none that has ended or not begun", async () => {
    const { publicKey } = makeKeyPair();
    const client = await issueClient(old, { publicKey, commonName: "x", now: NOW });
    expect(follow(formatBundle({ authorities: [old.certificate, client], crosses: [] }))).toBeNull();
    expect(follow(OFFERED, bundle([old]), next.facts.notAfter + 1)).toBeNull();
    expect(follow(OFFERED, bundle([old]), next.facts.notBefore - 1)).toBeNull();
  });

  test("whose own file cannot be read keeps it", () => {
    expect(follow(OFFERED, "")).toBeNull();
  });
});

import fc from "fast-check";
import { expect, test } from "vitest";
import {
  formatInvitations,
  type Invitation,
  isOpen,
  MAX_INVITATIONS,
  parseInvitations,
  redeem,
  replaced,
  withInvitation,
  withoutInvitation,
} from "./invitation.ts";

const NOW = Date.parse("2026-11-27T12:00:00Z");
const [ONE, TWO] = ["1".repeat(64), "2".repeat(64)];
const sample: Invitation = {
  name: "bob@desk",
  role: "viewer",
  expires: null,
  hash: "a".repeat(64),
  until: "2026-11-27T12:10:00.000Z",
  usedBy: null,
  by: null,
  approval: null,
};
const END = Date.parse(sample.until);

const hex = fc.stringMatching(/^[0-9a-f]{64}$/);
const instant = fc.integer({ min: -3_600_000, max: 3_600_000 }).map((ms) => new Date(NOW + ms).toISOString());
const invitations: fc.Arbitrary<readonly Invitation[]> = fc.uniqueArray(
  fc.record({
    name: fc.constantFrom("anna", "bob@desk", "ci", "dora", "eve"),
    role: fc.constantFrom("admin", "viewer"),
    expires: fc.option(instant),
    hash: hex,
    until: instant,
    usedBy: fc.option(fc.constantFrom(ONE, TWO)),
    by: fc.option(hex),
    approval: fc.option(
      fc.record({
        request: fc.option(
          fc.record({
            publicKey: fc.constant("-----BEGIN PUBLIC KEY-----\n"),
            proof: fc.stringMatching(/^[A-Za-z0-9_-]{43}$/),
            address: fc.constant("192.0.2.1:1"),
            at: instant,
          }),
        ),
        certificate: fc.option(fc.constant("-----BEGIN CERTIFICATE-----\n")),
      }),
    ),
  }),
  { selector: ({ name }) => name },
);

test("the file is read back as it was written; anything else is refused", () => {
  fc.assert(
    fc.property(invitations, (all) => {
      expect(parseInvitations(formatInvitations(all))).toEqual({ value: all });
    }),
  );
  for (const broken of ["", "{", "{}", '{"version":4,"invitations":[]}'])
    expect(parseInvitations(broken)).toHaveProperty("problems");
  for (const change of [{ hash: "A".repeat(64) }, { name: "../x" }, { until: "soon" }, { more: 1 }])
    expect(parseInvitations(formatInvitations([{ ...sample, ...change } as Invitation]))).toHaveProperty(
      "problems",
    );
});

test("files of earlier versions are read: nobody knows who made their invitations; those of 1 need no approval", () => {
  const { approval: _, by: __, ...first } = sample;
  for (const [version, invitation] of [
    [1, first],
    [2, { ...first, approval: null }],
  ]) {
    const text = JSON.stringify({ version, invitations: [invitation] });
    expect(parseInvitations(text)).toEqual({ value: [sample] });
  }
});

test("a token lets one key in, as often as that key asks, until it ends", () => {
  const first = redeem([sample], sample.hash, ONE, NOW);
  expect(first).toEqual({ invitation: { ...sample, usedBy: ONE } });
  const used = first.invitation === null ? [] : replaced([sample], first.invitation);
  expect(used).toEqual([first.invitation]);
  expect(redeem(used, sample.hash, ONE, END - 1)).toEqual(first);
  expect(redeem(used, sample.hash, TWO, NOW)).toMatchObject({ refused: "used-token", invitation: used[0] });
  for (const key of [ONE, TWO])
    expect(redeem(used, sample.hash, key, END)).toMatchObject({ refused: "expired-token" });
  expect(redeem(used, "b".repeat(64), ONE, NOW)).toEqual({ refused: "unknown-token", invitation: null });
});

test("redeeming changes nothing but who has used the one invitation", () => {
  fc.assert(
    fc.property(invitations, fc.nat(), fc.constantFrom(ONE, TWO), (all, pick, key) => {
      const meant = all[pick % Math.max(1, all.length)];
      const done = redeem(all, meant?.hash ?? ONE, key, NOW);
      const isGood =
        meant !== undefined && isOpen(meant, NOW) && (meant.usedBy === null || meant.usedBy === key);
      expect("refused" in done).toBe(!isGood);
      if (!("refused" in done))
        expect(replaced(all, done.invitation)).toEqual(
          all.map((one) => (one === meant ? { ...one, usedBy: key } : one)),
        );
    }),
  );
});

test("a second invitation for a name replaces the first; one that is taken back is gone, used or not", () => {
  fc.assert(
    fc.property(invitations, (all) => {
      const next = withInvitation(all, sample, NOW) ?? [];
      expect(next.filter(({ name }) => name === sample.name)).toEqual([sample]);
      const rest = all.filter((one) => one.name !== sample.name && isOpen(one, NOW));
      expect(next.slice(0, -1)).toEqual(rest);
      expect(withoutInvitation(next, sample.name, NOW)).toEqual(rest);
    }),
  );
});

test("the number of open invitations is limited; ended ones do not count", () => {
  const many = Array.from({ length: MAX_INVITATIONS }, (_, index) => ({ ...sample, name: `m${index}` }));
  expect(withInvitation(many, sample, NOW)).toBeNull();
  expect(withInvitation(many, { ...sample, name: "m7" }, NOW)).toHaveLength(MAX_INVITATIONS);
  expect(withInvitation(many, { ...sample, until: "2026-11-27T13:00:00Z" }, END)).toHaveLength(1);
});

/** Which renewals are granted, repeated, refused, or a sign of a copied key. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { DAY_MS } from "../../base/index.ts";
import { forgiven, formatRenewal, judgeRenewal, parseRenewal, type Renewal } from "./renewal.ts";

const NOW = Date.parse("2026-11-27T12:00:00Z");
const hash = (text: string) => text.repeat(64).slice(0, 64);
const [A, B, C, R1, R2] = ["a", "b", "c", "1", "2"].map(hash) as [string, string, string, string, string];
const RECORD: Renewal = {
  ...{ generation: 4, at: "2026-11-20T12:00:00Z", current: B, replaced: A, request: R1 },
  ...{ certificate: "pem", recoveries: [], copy: null, trusts: null },
};
const ask = (shown: string, request: string, left = DAY_MS) => ({ shown, request, notAfter: NOW + left });
const judge = (record: Renewal | null, asked: ReturnType<typeof ask>) => judgeRenewal(record, asked, NOW);

describe("judgeRenewal()", () => {
  test("the first renewal accepts any certificate of the key", () => {
    expect(judge(null, ask(C, R1))).toEqual({ issue: { generation: 1, recoveries: [] } });
  });

  test("the certificate in force is renewed", () => {
    expect(judge(RECORD, ask(B, R2))).toEqual({ issue: { generation: 5, recoveries: [] } });
  });

  test.each([
    ["the replaced certificate", A],
    ["the certificate that it got", B],
  ])("the same request with %s gets the same answer", (_what, shown) => {
    expect(judge(RECORD, ask(shown, R1))).toEqual({ again: RECORD });
  });

  test.each([
    ["the replaced certificate with another request", ask(A, R2)],
    ["an even older one", ask(C, R2)],
    ["an even older one with the same request", ask(C, R1)],
    ["an older one that has expired long ago", ask(A, R2, -400 * DAY_MS)],
  ])("%s is a copied key", (_what, asked) => {
    expect(judge(RECORD, asked)).toEqual({ copied: true });
  });

  test("an expired certificate is renewed for 30 days, and that is counted", () => {
    const at = new Date(NOW).toISOString();
    expect(judge(RECORD, ask(B, R2, -30 * DAY_MS))).toEqual({ issue: { generation: 5, recoveries: [at] } });
    expect(judge(RECORD, ask(B, R2, -30 * DAY_MS - 1))).toEqual({ refused: "expired-long-ago" });
    expect(judge(null, ask(B, R2, -30 * DAY_MS - 1))).toEqual({ refused: "expired-long-ago" });
  });

  test("at most three expired certificates are renewed in a year", () => {
    const ago = (days: number) => new Date(NOW - days * DAY_MS).toISOString();
    const three = { ...RECORD, recoveries: [ago(364), ago(20), ago(10)] };
    expect(judge(three, ask(B, R2, -1))).toEqual({ refused: "recovered-too-often" });
    expect(judge(three, ask(B, R2, 1))).toMatchObject({ issue: { recoveries: three.recoveries } });
    const later = { ...RECORD, recoveries: [ago(366), ago(20), ago(10)] };
    expect(judge(later, ask(B, R2, -1))).toMatchObject({ issue: { recoveries: [ago(20), ago(10), ago(0)] } });
  });

  test("after restore, any certificate of the key may be renewed", () => {
    const copy = { at: "2026-11-27T11:00:00Z", address: "192.0.2.1:7" };
    const record = forgiven({ ...RECORD, recoveries: ["2026-11-27T11:00:00Z"], copy });
    for (const shown of [A, B, C])
      expect(judge(record, ask(shown, R2))).toEqual({ issue: { generation: 5, recoveries: [] } });
  });
});

test("a client that loses answers and repeats its request is never taken for a copy; a second holder is", () => {
  fc.assert(
    fc.property(fc.array(fc.constantFrom("renew", "lose"), { maxLength: 30 }), (steps) => {
      let [record, held, request, count] = [null as Renewal | null, hash("0"), 0, 0];
      for (const step of steps) {
        const judged = judge(record, ask(held, hash(`${request}x`)));
        if ("copied" in judged) return false;
        if ("issue" in judged) {
          const issued = hash(`${++count}y`);
          record = {
            ...RECORD,
            ...judged.issue,
            current: issued,
            replaced: held,
            request: hash(`${request}x`),
          };
        }
        // Only a client that got the answer makes a new request.
        if (step === "renew") [held, request] = [record?.current ?? held, request + 1];
      }
      const copy = judge(record, ask(hash("z"), hash("thief")));
      return record === null || "copied" in copy;
    }),
  );
});

test("records are read as they were written; others are refused", () => {
  const full = { ...RECORD, recoveries: [RECORD.at], copy: { at: RECORD.at, address: "[2001:db8::1]:7" } };
  expect(parseRenewal(formatRenewal(full))).toEqual({ value: full });
  for (const text of ["{", '{"version":2}', formatRenewal({ ...RECORD, current: "x" })])
    expect(parseRenewal(text)).toHaveProperty("problems");
});

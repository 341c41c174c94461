import { describe, expect, test } from "vitest";
import { failureOf } from "../../../../test/support/app/change.ts";
import {
  type Authority,
  crossCertify,
  formatBundle,
  makeAuthority,
  openAuthority,
} from "../../../pki/index.ts";
import { type CaSituation, caStep } from "./ca-step.ts";
import { type FormerCa, formatOtherCa, type NextCa, parseOtherCa } from "./other-ca.ts";

const NOW = Date.parse("2026-11-27T00:00:00Z");
const made = async (subject: string) => {
  const stored = await makeAuthority({ subject, now: NOW });
  return { ...stored, ...(await openAuthority(stored)) };
};
const old = await made("old");
const next = await made("next");
const cross = await crossCertify(old, next.certificate);
const bundle = (...authorities: Authority[]) =>
  formatBundle({ authorities: authorities.map(({ certificate }) => certificate), crosses: [] });

const NEXT: NextCa = {
  ...{ kind: "next", certificate: next.certificate, privateKey: next.privateKey, cross },
  old: old.certificate,
};
const FORMER: FormerCa = { kind: "former", certificate: old.certificate, until: NOW + 1_000 };
const OFFERED = formatBundle({ authorities: [old.certificate, next.certificate], crosses: [cross] });

const step = (over: Partial<CaSituation>) =>
  caStep({ wish: null, kept: bundle(old), other: null, hostCa: bundle(old), now: NOW, ...over });

describe("the step of an up", () => {
  test.each([
    ["nothing is wanted", {}, "one"],
    ["the host is bare", { hostCa: null }, "one"],
    ["a new CA is wanted", { wish: "new" }, "offer"],
    ["one was made, and never reached the host", { other: NEXT }, "one"],
    ["it is wanted again", { other: NEXT, wish: "new" }, "offer"],
    ["the host offers it", { other: NEXT, hostCa: OFFERED }, "offer"],
    ["it is to take the old one's place", { other: NEXT, hostCa: OFFERED, wish: "finish" }, "switch"],
    ["which the host does not offer", { other: NEXT, wish: "finish" }, "nothing-offered"],
    ["without any", { wish: "finish" }, "nothing-offered"],
    ["the host has it already", { other: NEXT, hostCa: bundle(next, old) }, "switch"],
    ["only this machine's file has it", { other: NEXT, kept: bundle(next), hostCa: bundle(next) }, "switch"],
    ["the old one is still valid", { kept: bundle(next), other: FORMER, hostCa: bundle(next, old) }, "one"],
    [
      "which was the last step",
      { kept: bundle(next), other: FORMER, hostCa: bundle(next, old), wish: "finish" },
      "one",
    ],
    ["which forbids another", { kept: bundle(next), other: FORMER, wish: "new" }, "too-soon"],
    ["until its end", { kept: bundle(next), other: FORMER, wish: "new", now: NOW + 1_000 }, "offer"],
    ["this machine has an older copy", { hostCa: bundle(next, old) }, "behind"],
    [
      "whose offer was replaced",
      { kept: bundle(old, next), hostCa: bundle(next, old), other: NEXT },
      "switch",
    ],
    ["the host is another line's", { hostCa: bundle(next) }, "one"],
    ["another machine has made an offer", { hostCa: OFFERED }, "one"],
  ] as const)("%s", (_what, over, kind) => {
    expect(step(over).kind).toBe(kind);
  });

  test("the old CA stays until the last certificate that it can have signed has ended", () => {
    const given = { kept: bundle(next), other: FORMER, hostCa: bundle(next, old) };
    expect(step(given)).toMatchObject({ former: old.certificate, isOver: false });
    expect(step({ ...given, now: NOW + 1_000 })).toMatchObject({ former: null, isOver: true });
  });
});

describe("ca/other-ca.pem", () => {
  test.each([NEXT, FORMER])("is read as it was written: %j", (other) => {
    expect(parseOtherCa(formatOtherCa(other), "vps")).toEqual(other);
  });

  test("has an encrypted key too", async () => {
    const locked = await makeAuthority({ subject: "next", now: NOW, passphrase: "secret" });
    const cut = await crossCertify(old, locked.certificate);
    const other = { ...NEXT, ...locked, cross: cut };
    expect(parseOtherCa(formatOtherCa(other), "vps").kind).toBe("next");
    expect(formatOtherCa(other)).toContain("BEGIN ENCRYPTED PRIVATE KEY");
  });

  test.each([
    "",
    "x",
    old.certificate,
    formatOtherCa(NEXT).replace(/-----BEGIN PRIVATE KEY(.|\n)*/, ""),
    bundle(old, next),
  ])("that is damaged is an error: %#", async (text) => {
    const error = await failureOf(Promise.resolve().then(() => parseOtherCa(text, "vps")));
    expect(error).toMatchObject({ code: "LINE_BROKEN" });
  });
});

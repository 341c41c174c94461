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
const [line1, line2, other1] = (
  await Promise.all(["tetherdock vps 0a", "tetherdock vps 1b", "tetherdock web 0a"].map(made))
).map(({ certificate }) => certificate) as [string, string, string];
const bundle = (...authorities: Authority[]) =>
  formatBundle({ authorities: authorities.map(({ certificate }) => certificate), crosses: [] });

const NEXT: NextCa = {
  ...{ kind: "next", certificate: next.certificate, privateKey: next.privateKey, cross },
  old: old.certificate,
};
const FORMER: FormerCa = { kind: "former", certificate: old.certificate, until: NOW + 1_000 };
const OFFERED = formatBundle({ authorities: [old.certificate, next.certificate], crosses: [cross] });

const step = (over: Partial<CaSituation>) =>
  caStep({
    mode: "gateway",
    wish: null,
    kept: bundle(old),
    other: null,
    hostCa: bundle(old),
    now: NOW,
    ...over,
  });

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

  const AT_ONCE: NextCa = { ...NEXT, revokes: ["bob@desk"] };
  test.each([
    ["a new CA is wanted", { wish: "new" }, "replace"],
    [
      "while the one of a gateway is still trusted",
      { wish: "new", kept: bundle(next), other: FORMER },
      "replace",
    ],
    ["one was made, and never reached the host", { other: AT_ONCE }, "one"],
    ["and is wanted again", { other: AT_ONCE, wish: "new" }, "replace"],
    ["the host has it", { other: AT_ONCE, hostCa: bundle(next) }, "replace"],
    ["so does this machine", { other: AT_ONCE, hostCa: bundle(next), kept: bundle(next) }, "replace"],
    [
      "the gateway that is to come finds it begun",
      { other: AT_ONCE, hostCa: bundle(next), mode: "gateway" },
      "replace",
    ],
    ["which was interrupted before the host knew", { other: AT_ONCE, wish: "new", mode: "gateway" }, "offer"],
    ["the host has a CA of this line that is not known here", { kept: line1, hostCa: line2 }, "behind"],
    [
      "the host was restored, and has the CA that this machine has replaced",
      { kept: line2, hostCa: line1, other: { kind: "former", certificate: line1, until: NOW } },
      "one",
    ],
    ["the host has a CA of another line", { kept: line1, hostCa: other1 }, "one"],
  ] as const)("in native mode, %s", (_what, over, kind) => {
    expect(step({ mode: "native", ...over }).kind).toBe(kind);
  });

  test("in native mode, what never reached the host is made anew, and what did is ended", () => {
    expect(step({ mode: "native", wish: "new", other: AT_ONCE })).toEqual({ kind: "replace", next: null });
    expect(step({ mode: "native", other: AT_ONCE, hostCa: bundle(next) })).toEqual({
      kind: "replace",
      next: AT_ONCE,
    });
  });

  test("the old CA stays until the last certificate that it can have signed has ended", () => {
    const given = { kept: bundle(next), other: FORMER, hostCa: bundle(next, old) };
    expect(step(given)).toMatchObject({ former: old.certificate, isOver: false });
    expect(step({ ...given, now: NOW + 1_000 })).toMatchObject({ former: null, isOver: true });
  });
});

describe("ca/other-ca.pem", () => {
  test.each([NEXT, FORMER, { ...NEXT, revokes: [] }, { ...NEXT, revokes: ["bob@desk", "eva"] }])(
    "is read as it was written: %j",
    (other) => {
      expect(parseOtherCa(formatOtherCa(other), "vps")).toEqual(other);
    },
  );

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
    formatOtherCa({ ...NEXT, revokes: ["bob"] }).replace("bob", "not a name"),
    formatOtherCa(NEXT).replace(/-----BEGIN PRIVATE KEY(.|\n)*/, ""),
    bundle(old, next),
  ])("that is damaged is an error: %#", async (text) => {
    const error = await failureOf(Promise.resolve().then(() => parseOtherCa(text, "vps")));
    expect(error).toMatchObject({ code: "LINE_BROKEN" });
  });
});

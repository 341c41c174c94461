import { expect, test } from "vitest";
import { NOW } from "../../../test/support/host-facts.ts";
import { DAY_MS } from "../../base/index.ts";
import { makeAuthority, RENEWAL_WINDOW_MS, readCertificate } from "../../pki/index.ts";
import { daysOf, daysProblem } from "./certificate-days.ts";

const FEW = RENEWAL_WINDOW_MS / DAY_MS;

test.each([
  [undefined, "the client certificate cannot be read"],
  [-1, "the client certificate has expired"],
  [0, "the client certificate expires in 0 days"],
  [1, "the client certificate expires in 1 day"],
  [2, "the client certificate expires in 2 days"],
  [FEW - 1, `the client certificate expires in ${FEW - 1} days`],
  [FEW, undefined],
])("%s days left: %s", (days, problem) => {
  expect(daysProblem("client", days)).toBe(problem);
});

test("days are whole; text that is no certificate has none", async () => {
  const { certificate } = await makeAuthority({ subject: "x", now: NOW });
  const { notAfter } = readCertificate(certificate);
  expect(daysOf(certificate, notAfter - 1.5 * DAY_MS)).toBe(1);
  expect(daysOf(certificate, notAfter + DAY_MS)).toBeLessThan(0);
  expect(daysOf("not a certificate", NOW)).toBeUndefined();
});

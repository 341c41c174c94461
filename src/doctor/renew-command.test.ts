/** Which command a finding about an ending certificate names: one that runs there and renews it. */
import { expect, test } from "vitest";
import { NOW } from "../../test/support/host-facts.ts";
import { at, ca, LEAF_DAYS, line, publicKey, server } from "../../test/support/outside-stage.ts";
import { subject } from "../../test/support/subject.ts";
import { DAY_MS } from "../base/index.ts";
import { issueClient, makeAuthority, openAuthority, readCertificate } from "../pki/index.ts";
import { CHECKS } from "./checks/index.ts";
import { renewHostCommand, renewOwnCommand } from "./renew-command.ts";
import type { Subject } from "./subject.ts";

const reports = [at({}, { why: "line" })];
const WAY = { upTarget: "core@web" };
const host = readCertificate(await server(["192.0.2.7"], { agoDays: LEAF_DAYS - 20 }));

/** Ends in ten days, and so does all that it signs. */
const dying = await makeAuthority({ subject: "old", now: NOW });
const end = readCertificate(dying.certificate).notAfter;
const oldCa = await openAuthority(dying);
const shown = (line_: Subject["line"], way: Partial<Subject>) => subject({ ...way, line: line_ });

test.each([
  ["native", WAY, /^tetherdock up core@web {3}# .* restarts docker$/],
  ["gateway", WAY, /^tetherdock renew web {3}# needs no ssh/],
  ["gateway", {}, /^tetherdock renew web {3}# on the machine where the line was set up/],
] as const)("the host's, %s mode, known way %j", (mode, way, fix) => {
  expect(renewHostCommand(shown({ ...line, mode }, way), host, reports)).toMatch(fix);
});

test("another host's, or one that ends with its CA: only up renews it", () => {
  const gateway: typeof line = { ...line, mode: "gateway" };
  const other = [at({}, { why: "default" })];
  expect(renewHostCommand(shown(gateway, WAY), host, other)).toMatch(/^tetherdock up /);
  const last = { ...host, notAfter: end };
  const mine = { ...gateway, ca: dying.certificate };
  expect(renewHostCommand(shown(mine, WAY), last, reports)).toMatch(/^tetherdock up core@web /);
});

test("one's own: renew, unless it ends with the CA, or nothing here can renew it", async () => {
  const gateway: typeof line = { ...line, mode: "gateway" };
  expect(renewOwnCommand(shown(line, WAY), line)).toBe("tetherdock renew web   # docker does not restart");
  expect(renewOwnCommand(shown(gateway, {}), gateway)).toMatch(/^tetherdock renew web /);
  expect(renewOwnCommand(shown(line, {}), line)).toMatch(/^tetherdock import --help /);
  const now = end - 10 * DAY_MS;
  const certificate = await issueClient(oldCa, { publicKey, commonName: "me", now });
  const last = { ...line, ca: dying.certificate, certificate };
  expect(renewOwnCommand(shown(last, WAY), last)).toMatch(/^tetherdock up core@web {3}# renews the CA too/);
});

test("the findings have them", async () => {
  const now = NOW - (LEAF_DAYS - 20) * DAY_MS;
  const certificate = await issueClient(ca, { publicKey, commonName: "me", now });
  const ending: typeof line = { ...line, mode: "gateway", certificate };
  const served = at({}, { why: "line" });
  const old = await server(["192.0.2.7"], { agoDays: LEAF_DAYS - 20 });
  const seen = served.probes.map((one) => ({
    ...one,
    seen: { ...one.seen, tls: { version: "TLSv1.3", certificatePem: old } },
  }));
  const look = subject({
    ...WAY,
    line: ending,
    endpoints: [{ ...served, probes: seen as typeof served.probes }],
  });
  const fixes = CHECKS.filter(({ id }) =>
    /^(server-certificate-expires-soon|client-certificate-expires)$/.test(id),
  )
    .flatMap((check) => check.run(look))
    .flatMap(({ fix }) => fix);
  expect(fixes).toHaveLength(2);
  for (const fix of fixes) expect(fix).toMatch(/^tetherdock renew web /);
});

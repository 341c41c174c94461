/** A fixed doctor's report for golden files: real checks are added and removed, these stay. */
import { type Check, runChecks } from "../../src/doctor/check.ts";
import { apiWithoutTls } from "../../src/doctor/checks/api-without-tls.ts";
import type { Report } from "../../src/doctor/render/report.ts";
import { CLOSED, endpointReport, OPEN, subject } from "./subject.ts";

function check(id: string, rest: Partial<Check>): Check {
  return {
    id,
    states: `${id} holds`,
    needs: ["inside"],
    severity: "medium",
    consequence: "something follows from it",
    reference: "docs/notes/docker-and-systemd.md",
    run: () => [],
    ...rest,
  };
}

// A host's text may contain anything: an escape sequence, a line that looks like ours, letters that reverse the
// text.
const HOSTILE = "/etc/docker/k\u001b[2Jey\n\u202e.pem";

const CHECKS: readonly Check[] = [
  check("clock-off", { severity: "low", states: "the host's clock agrees with this machine's" }),
  check("key-mode", {
    severity: "high",
    states: "private keys are readable by their owner alone",
    consequence: "every local user can pretend to be this engine, and read what clients send it",
    run: () => [
      {
        where: HOSTILE,
        says: `${HOSTILE} is readable by everybody`,
        evidence: [`mode 644, owner root:root, ${HOSTILE}`],
        fix: [`chmod 600 ${HOSTILE}   # on the host`],
      },
      {
        where: "/etc/docker/old key.pem",
        says: "/etc/docker/old key.pem is readable by its group",
        evidence: ["mode 640, owner root:adm"],
        fix: ["chmod 600 '/etc/docker/old key.pem'   # on the host"],
        severity: "info",
      },
    ],
  }),
  apiWithoutTls,
  check("line-answers", { needs: ["line"], states: "the line's certificate gets an answer" }),
  check("client-certificate", { needs: ["line"], states: "the line's certificate is valid for a month yet" }),
];

/** Pitfall 1 and a key that everybody can read; no line. */
export function brokenReport(): Report {
  const open = endpointReport(
    { plain: OPEN, none: { kind: "not-tls", speaks: "http", firstBytes: "HTTP/1.0 400 Bad Request" } },
    { endpoint: { host: "192.0.2.7", port: 2375 }, why: "default", offer: null },
  );
  const seen = subject({ name: "core@vps.example", endpoints: [open] });
  return { subject: seen, results: runChecks(CHECKS, seen) };
}

/** No findings, but no inspection from inside. */
export function healthyReport(): Report {
  const closed = endpointReport({ plain: CLOSED });
  const seen = subject({
    name: "web",
    endpoints: [closed],
    inside: null,
    insideMissing: "--no-ssh was given",
  });
  return { subject: seen, results: runChecks(CHECKS, seen) };
}

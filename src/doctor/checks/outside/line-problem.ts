/** What the checks about the line's own connection have in common. */

import type { Observation } from "../../../engine/index.ts";
import { readCertificate } from "../../../pki/index.ts";
import { certificateFaults } from "../../certificate-faults.ts";
import type { SubjectWith } from "../../check.ts";
import { classifyEndpoint, seenBy } from "../../endpoint-view.ts";
import type { EndpointReport, Subject } from "../../subject.ts";

/** The line's endpoint, on each of its addresses. */
export function lineReports({ endpoints }: Subject): EndpointReport[] {
  return endpoints.filter(({ why }) => why === "line");
}

function ownCertificateIsOver({ line, now }: SubjectWith<"line">): boolean {
  const { notBefore, notAfter } = readCertificate(line.certificate);
  return now >= notAfter || now < notBefore;
}

/**
 * What the line's certificate met, where it is not served and no other check says why: a certificate at fault,
 * another service, silence, plain HTTP.
 */
export function unexplainedFailure(report: EndpointReport, subject: SubjectWith<"line">): Observation | null {
  const seen = seenBy(report, "line");
  const kind = classifyEndpoint(report);
  if (!seen || (kind !== "docker" && kind !== "guarded") || seen.kind === "not-tls") return null;
  if (seen.kind === "answered" && seen.answer.status === 200 && kind === "docker") return null;
  const faults = certificateFaults(report, subject).filter((fault) => fault !== "expires-soon");
  return faults.length > 0 || ownCertificateIsOver(subject) ? null : seen;
}

/** What is wrong with a server's certificate, as Go's client (the docker CLI) sees it: names by SAN only, times, use, CA. */
import { counted, DAY_MS, MINUTE_MS } from "../base/index.ts";
import { formatEndpoint } from "../engine/index.ts";
import {
  type CertificateFacts,
  isIssuedBy,
  parseName,
  RENEWAL_WINDOW_MS,
  readBundle,
  type San,
} from "../pki/index.ts";
import { mayBeDocker, type ServedCertificate, servedCertificate } from "./endpoint-view.ts";
import type { EndpointReport, Subject } from "./subject.ts";

/** One kind of fault; each has a check of its own. */
export type CertificateFault = "expired" | "expires-soon" | "not-yet-valid" | "name" | "usage" | "other-ca";

/** Clocks always differ a little; that is not a finding about a certificate. */
const SKEW_MS = MINUTE_MS;
const WEEK_MS = 7 * DAY_MS;

function nameOf(text: string): San | null {
  try {
    return parseName(text);
  } catch {
    return null;
  }
}

/** A wildcard stands for exactly one label, the first (RFC 9525 section 6.3). */
function matches(san: San, wanted: San): boolean {
  if (san.type !== wanted.type) return false;
  if (san.value === wanted.value) return true;
  if (san.type === "ip" || !san.value.startsWith("*.")) return false;
  const dot = wanted.value.indexOf(".");
  return dot > 0 && wanted.value.slice(dot) === san.value.slice(1);
}

/** Whether a client that dials this name accepts the certificate. */
export function carries({ names }: Pick<CertificateFacts, "names">, serverName: string): boolean {
  const wanted = nameOf(serverName);
  return wanted !== null && names.some((san) => matches(san, wanted));
}

function isOtherCa({ pem }: ServedCertificate, report: EndpointReport, { line }: Subject): boolean {
  if (!line || report.why !== "line") return false;
  return !readBundle(line.ca).authorities.some((ca) => isIssuedBy(pem, ca));
}

/** @returns every fault of what the endpoint shows; none where it shows nothing or is not an engine's */
export function certificateFaults(report: EndpointReport, subject: Subject): CertificateFault[] {
  const served = mayBeDocker(report) ? servedCertificate(report) : null;
  if (!served) return [];
  const { facts } = served;
  const left = facts.notAfter - subject.now;
  const found: Record<CertificateFault, boolean> = {
    expired: left <= 0,
    "expires-soon": left > 0 && left < RENEWAL_WINDOW_MS,
    "not-yet-valid": facts.notBefore - subject.now > SKEW_MS,
    name: !carries(facts, report.serverName),
    // Without an extended key usage every use is allowed (RFC 5280 section 4.2.1.12).
    usage:
      facts.usages.length > 0 && !facts.usages.some((use) => use === "serverAuth" || use === "2.5.29.37.0"),
    "other-ca": isOtherCa(served, report, subject),
  };
  return (Object.keys(found) as CertificateFault[]).filter((fault) => found[fault]);
}

/** One certificate and everywhere it is shown with one fault. */
export interface FaultyCertificate {
  readonly facts: CertificateFacts;
  /** At least one. */
  readonly reports: readonly EndpointReport[];
  /** Their addresses, joined. */
  readonly where: string;
}

/** Groups by certificate: one that is shown on two addresses is one cause. */
export function withFault(subject: Subject, fault: CertificateFault): FaultyCertificate[] {
  const groups = new Map<string, { facts: CertificateFacts; reports: EndpointReport[] }>();
  for (const report of subject.endpoints) {
    const served = servedCertificate(report);
    if (!served || !certificateFaults(report, subject).includes(fault)) continue;
    const group = groups.get(served.facts.fingerprint) ?? { facts: served.facts, reports: [] };
    group.reports.push(report);
    groups.set(served.facts.fingerprint, group);
  }
  return [...groups.values()].map(({ facts, reports }) => ({
    facts,
    reports,
    where: reports.map(({ endpoint }) => formatEndpoint(endpoint)).join(", "),
  }));
}

/** @returns `2027-01-31 08:00 UTC` */
export function formatTime(ms: number): string {
  return `${new Date(ms).toISOString().slice(0, 16).replace("T", " ")} UTC`;
}

/** In the last week it is urgent. @param left ms until the end of what a host or a client needs */
export const severityBefore = (left: number): "medium" | "low" => (left < WEEK_MS ? "medium" : "low");

/** @returns `1 day`, `12 days`; whole days, rounded down */
export function formatSpan(ms: number): string {
  return counted(Math.floor(ms / DAY_MS), "day");
}

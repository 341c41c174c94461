/** What an endpoint is, concluded from all knocks together; checks build on it, so that they agree. */

import { formatEndpoint, isDockerAnswer, type Observation } from "../engine/index.ts";
import { type CertificateFacts, readCertificate } from "../pki/index.ts";
import type { EndpointReport, KnockKind, Subject } from "./subject.ts";

/**
 * `docker`: an engine answered somebody. `guarded`: TLS that let nobody in whom we could be, so it may be one.
 * `other`: something that is no engine answered. `silent`: connects, and says nothing in time or hangs up. `closed`: no connection.
 */
export type EndpointNature = "docker" | "guarded" | "other" | "silent" | "closed";

/** What came of one knock; undefined when it was not made. */
export function seenBy(report: EndpointReport, kind: KnockKind): Observation | undefined {
  return report.knocks.find((knock) => knock.kind === kind)?.seen;
}

/** Whether a knock over TLS got an answer from the engine itself: whatever its status, it was let in. */
export function admits(report: EndpointReport, kind: KnockKind): boolean {
  const seen = seenBy(report, kind);
  return seen?.kind === "answered" && seen.tls !== undefined && isDockerAnswer(seen.answer);
}

/** nginx and others refuse a missing certificate in HTTP: 400 or 403, 495 and 496 of nginx's own. */
const REFUSING = new Set([400, 401, 403, 495, 496]);

function refuses(seen: Observation): boolean {
  if (seen.kind === "answered") return seen.tls !== undefined && REFUSING.has(seen.answer.status);
  if (seen.kind === "silent") return seen.tls !== undefined;
  return ["tls-alert", "distrusted", "closed"].includes(seen.kind);
}

/** @returns what answers there, as far as the knocks tell */
export function natureOf({ knocks }: EndpointReport): EndpointNature {
  const all = knocks.map(({ seen }) => seen);
  if (all.some((seen) => seen.kind === "answered" && isDockerAnswer(seen.answer))) return "docker";
  if (all.every((seen) => seen.kind === "unreachable")) return "closed";
  if (knocks.some(({ kind, seen }) => kind !== "plain" && refuses(seen))) return "guarded";
  const spoke = all.some((seen) => ["answered", "garbage", "not-tls", "tls-failed"].includes(seen.kind));
  return spoke ? "other" : "silent";
}

/** Whether its TLS is our business: an engine's, or what may be one. */
export function mayBeDocker(report: EndpointReport): boolean {
  const nature = natureOf(report);
  return nature === "docker" || nature === "guarded";
}

/** A server's certificate with the text it was read from. */
export interface ServedCertificate {
  readonly pem: string;
  readonly facts: CertificateFacts;
}

/** @returns the certificate the endpoint shows; null where none was seen, or none that can be read */
export function servedCertificate(report: EndpointReport): ServedCertificate | null {
  const shown = report.knocks.map(({ seen }) => ("tls" in seen ? seen.tls?.certificatePem : undefined));
  const pem = [...shown, report.offer?.certificate].find((text) => text !== undefined && text !== "");
  if (pem === undefined) return null;
  try {
    return { pem, facts: readCertificate(pem) };
  } catch {
    return null; // a hostile server's idea of a certificate: the handshake's own failure says so
  }
}

/** Whether two endpoints show the same certificate: then they are one host's, whatever their addresses. */
export function isSameHost(one: EndpointReport, other: EndpointReport): boolean {
  const shown = servedCertificate(one)?.facts.publicKeyFingerprint;
  return shown !== undefined && shown === servedCertificate(other)?.facts.publicKeyFingerprint;
}

/** The command that sets the host up, as far as it is known where that is: `host:port` is nothing that ssh takes. */
export function upCommand({ upArgument, name, endpoints }: Subject): string {
  const [first] = endpoints;
  const isEndpoint =
    first !== undefined && name === formatEndpoint({ ...first.endpoint, host: first.serverName });
  return `tetherdock up ${upArgument ?? (isEndpoint ? `root@${first.serverName}` : name)}`;
}

/** What an endpoint is, from all its probes; the checks share this, so that they agree. */

import {
  admitsOverTls,
  type Caller,
  formatEndpoint,
  type Observation,
  type Outcome,
  outcomeOf,
  type Probe,
} from "../engine/index.ts";
import { type CertificateFacts, readCertificate } from "../pki/index.ts";
import type { EndpointReport, Subject } from "./subject.ts";

/**
 * `docker`: an engine answered somebody. `guarded`: TLS that let nobody in whom we could be, so it may be one.
 * `other`: something that is no engine answered. `silent`: connects, and says nothing in time or hangs up. `closed`: no connection.
 */
export type EndpointKind = "docker" | "guarded" | "other" | "silent" | "closed";

/** What one caller saw; undefined when it was not tried. */
export function seenBy(report: EndpointReport, caller: Caller): Observation | undefined {
  return report.probes.find((probe) => probe.caller === caller)?.seen;
}

/** Whether this caller got in over TLS. */
export function admits(report: EndpointReport, caller: Caller): boolean {
  const seen = seenBy(report, caller);
  return seen !== undefined && admitsOverTls(caller, seen);
}

const KEEPS_OUT: ReadonlySet<Outcome> = new Set(["refused", "declined", "distrusted"]);

function keepsOut({ caller, seen }: Probe): boolean {
  if (caller === "plain") return false;
  return KEEPS_OUT.has(outcomeOf(caller, seen)) || (seen.kind === "silent" && seen.tls !== undefined);
}

/** @returns what answers there, as far as the probes tell */
export function classifyEndpoint({ probes }: EndpointReport): EndpointKind {
  const all = probes.map(({ seen }) => seen);
  if (probes.some(({ caller, seen }) => outcomeOf(caller, seen) === "admitted")) return "docker";
  if (all.every((seen) => seen.kind === "unreachable")) return "closed";
  if (probes.some(keepsOut)) return "guarded";
  const spoke = all.some((seen) => ["answered", "garbage", "not-tls", "tls-failed"].includes(seen.kind));
  return spoke ? "other" : "silent";
}

/** Whether to judge its TLS: it is an engine's, or may be one. */
export function mayBeDocker(report: EndpointReport): boolean {
  const kind = classifyEndpoint(report);
  return kind === "docker" || kind === "guarded";
}

/** A server's certificate with the text it was read from. */
export interface ServedCertificate {
  readonly pem: string;
  readonly facts: CertificateFacts;
}

/** @returns the certificate the endpoint shows; null where none was seen, or none that can be read */
export function servedCertificate(report: EndpointReport): ServedCertificate | null {
  const shown = report.probes.map(({ seen }) => ("tls" in seen ? seen.tls?.certificatePem : undefined));
  const pem = [...shown, report.offer?.certificate].find((text) => text !== undefined && text !== "");
  if (pem === undefined) return null;
  try {
    return { pem, facts: readCertificate(pem) };
  } catch {
    return null; // not a certificate, from a hostile server: the failed handshake reports it
  }
}

/** Whether two endpoints show the same certificate: then they are one host's, whatever their addresses. */
export function isSameHost(one: EndpointReport, other: EndpointReport): boolean {
  const shown = servedCertificate(one)?.facts.publicKeyFingerprint;
  return shown !== undefined && shown === servedCertificate(other)?.facts.publicKeyFingerprint;
}

/** The command that sets the host up, as far as it is known where that is: `host:port` is nothing that ssh takes. */
export function upCommand({ upTarget, name, endpoints }: Subject): string {
  const [first] = endpoints;
  const isEndpoint =
    first !== undefined && name === formatEndpoint({ ...first.endpoint, host: first.serverName });
  const guess = isEndpoint ? `root@${first.serverName}` : name;
  return `tetherdock up ${upTarget === null ? "--local" : (upTarget ?? guess)}`;
}

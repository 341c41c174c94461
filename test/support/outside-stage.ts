/** Endpoints for the inspection from outside, with real certificates, and the results of the checks. */

import { DAY_MS } from "../../src/base/index.ts";
import { runChecks } from "../../src/doctor/check.ts";
import { apiWithoutTls } from "../../src/doctor/checks/api-without-tls.ts";
import { outsideChecks } from "../../src/doctor/checks/outside/index.ts";
import type { EndpointReport, Subject } from "../../src/doctor/subject.ts";
import type { Caller, Observation, TlsFacts } from "../../src/engine/index.ts";
import {
  issueClient,
  issueServer,
  makeAuthority,
  makeKeyPair,
  openAuthority,
  parseName,
} from "../../src/pki/index.ts";
import { NOW } from "./host-facts.ts";
import { endpointReport, OPEN, subject } from "./subject.ts";

export const { publicKey } = makeKeyPair();
export const LEAF_DAYS = 397;
export const ca = await openAuthority(await makeAuthority({ subject: "ca", now: NOW - 500 * DAY_MS }));

export async function server(names: readonly string[], { agoDays = 0, by = ca } = {}): Promise<string> {
  return issueServer(by, { publicKey, names: names.map(parseName), now: NOW - agoDays * DAY_MS });
}

/** Served by the endpoint unless a case says otherwise. */
const good = await server(["192.0.2.7"]);

export const line: NonNullable<Subject["line"]> = {
  name: "web",
  endpoint: { host: "192.0.2.7", port: 2376 },
  mode: "native",
  ca: ca.certificate,
  certificate: await issueClient(ca, { publicKey, commonName: "me", now: NOW }),
  exposedKeys: [],
  fleets: [],
  waiting: [],
};

export const tls = (certificatePem = good): TlsFacts => ({ version: "TLSv1.3", certificatePem });
/** An engine's answer over TLS. */
export const served = (certificatePem?: string): Observation =>
  ({ ...OPEN, tls: tls(certificatePem) }) as Observation;
export const engineError = (): Observation => ({
  kind: "answered",
  answer: { status: 500, apiVersion: "1.41", body: "" },
  tls: tls(),
});
export const refused: Observation = { kind: "tls-alert", alert: "bad_certificate", stage: "after" };
export const distrusted = (certificatePem: string): Observation => ({
  kind: "distrusted",
  reason: "other",
  detail: "it",
  tls: tls(certificatePem),
});

/** The ids of the findings, sorted; with a severity if it is not the check's own. */
export function findings(changes: Partial<Subject>): string[] {
  const results = runChecks([apiWithoutTls, ...outsideChecks], subject({ inside: null, line, ...changes }));
  const found = results.flatMap((result) =>
    result.outcome === "failed"
      ? result.problems.map(({ severity }) =>
          severity && severity !== result.check.severity ? `${result.check.id} ${severity}` : result.check.id,
        )
      : [],
  );
  return found.sort();
}

export function at(
  probes: Partial<Record<Caller, Observation>>,
  rest: Partial<EndpointReport> = {},
): EndpointReport {
  return endpointReport({ line: served(), ...probes }, rest);
}

/** Only these probes were made. */
export function only(probes: Partial<Record<Caller, Observation>>, rest: Partial<EndpointReport> = {}) {
  const made = Object.entries(probes).map(([caller, seen]) => ({ caller: caller as Caller, seen }));
  return { ...endpointReport({}, rest), probes: made, offer: null };
}

export const all = (seen: Observation) => ({
  none: seen,
  untrusted: seen,
  expired: seen,
  "server-usage": seen,
});
export const notTls = {
  kind: "not-tls",
  speaks: "http",
  firstBytes: "HTTP/1.1",
} as const satisfies Observation;
export const nginx = (status: number, docker: boolean): Observation => ({
  kind: "answered",
  answer: { status, server: "nginx/1.22", body: "", ...(docker && { apiVersion: "1.41" }) },
  tls: tls(),
});
export const timeout: Observation = { kind: "unreachable", cause: "timeout", detail: "ETIMEDOUT" };
export const noRoute: Observation = { kind: "unreachable", cause: "no-route", detail: "ENETUNREACH" };

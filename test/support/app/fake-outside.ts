/** The host from outside, as a table: each caller, and what it sees. */
import type { OutsidePort } from "../../../src/app/up/index.ts";
import type { CaseKind, Endpoint, Observation, ProbeRequest } from "../../../src/engine/index.ts";
import { isIssuedBy, readCertificate } from "../../../src/pki/index.ts";
import { NOW } from "../host-facts.ts";

/** One cell of the table; the certificate is the one that the host serves. */
export type Seen = (certificatePem: string) => Observation;

const DOCKER = { status: 200, apiVersion: "1.41", body: "OK" };
const tls = (certificatePem: string) => ({ version: "TLSv1.3", certificatePem });

export const letIn: Seen = (pem) => ({ kind: "answered", answer: DOCKER, tls: tls(pem) });
export const inTheClear: Seen = () => ({ kind: "answered", answer: DOCKER });
export const forbidden: Seen = (pem) => ({
  kind: "answered",
  answer: { status: 403, body: "" },
  tls: tls(pem),
});
export const alert: Seen = () => ({ kind: "tls-alert", alert: "bad_certificate", stage: "after" });
export const badRequest: Seen = () => ({ kind: "answered", answer: { status: 400, body: "" } });
export const dropped: Seen = () => ({ kind: "unreachable", cause: "timeout", detail: "timeout" });
export const refused: Seen = () => ({ kind: "unreachable", cause: "refused", detail: "refused" });
export const noRoute: Seen = () => ({ kind: "unreachable", cause: "no-route", detail: "no route" });

/** A correct line: your certificate gets in, and no other caller does. */
export const PROVEN: Readonly<Record<CaseKind, Seen>> = {
  line: letIn,
  none: alert,
  untrusted: alert,
  expired: alert,
  unlisted: forbidden,
  former: alert,
  plain: badRequest,
  closed: refused,
};

/** One connection that was made. */
export interface Came {
  readonly who: CaseKind;
  readonly endpoint: Endpoint;
}

/** The network between laptop and host. */
export class FakeOutside implements OutsidePort {
  readonly came: Came[] = [];
  table: Readonly<Record<CaseKind, Seen>> = PROVEN;
  /** Addresses with results other than the table's, for every caller. */
  readonly elsewhere = new Map<string, Seen>();
  /** The line's port: an endpoint at another port is not the line. */
  port = 2376;
  /** Addresses of names. */
  readonly names = new Map<string, readonly string[]>();
  readonly #served: () => string;

  /** @param served the certificate on the line's port */
  constructor(served: () => string) {
    this.#served = served;
  }

  readonly probe = async (request: ProbeRequest): Promise<Observation> => {
    const { endpoint } = request;
    const who = this.#who(request);
    this.came.push({ who, endpoint });
    return (this.elsewhere.get(endpoint.host) ?? this.table[who])(this.#served());
  };

  readonly resolve = async (endpoint: Endpoint) =>
    (this.names.get(endpoint.host) ?? [endpoint.host]).map((host) => ({
      endpoint: { ...endpoint, host },
      serverName: endpoint.host,
    }));

  #who({ endpoint, credential }: ProbeRequest): CaseKind {
    if (credential.kind === "plain") return endpoint.port === this.port ? "plain" : "closed";
    if (credential.kind !== "tls" || !credential.identity) return "none";
    const pem = credential.identity.certPem;
    if (!isIssuedBy(pem, credential.caPem)) return "untrusted";
    const { subject, notAfter } = readCertificate(pem);
    if (notAfter < NOW) return "expired";
    return subject === "CN=tetherdock probe" ? "unlisted" : "line";
  }
}

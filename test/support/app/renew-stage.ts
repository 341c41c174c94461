/** A line that is renewed, its gateway in memory, and what is left of them when a write fails. */

import { DAY_MS } from "../../../src/base/index.ts";
import type { RenewAnswer, RenewCredential, SentRenewRequest } from "../../../src/gateway/index.ts";
import { judgeRenewal, type Renewal, secretHash } from "../../../src/identity/index.ts";
import type { ContextStore, LineFiles, StoredContext } from "../../../src/line/index.ts";
import {
  issueClient,
  makeAuthority,
  makeKeyPair,
  openAuthority,
  publicKeyOf,
  readCertificate,
} from "../../../src/pki/index.ts";
import { NOW } from "../host-facts.ts";
import { sampleLine } from "../sample-line.ts";
import { countingRandom } from "./counting-random.ts";
import { MemoryLines } from "./lines.ts";

export const ca = await makeAuthority({ subject: "line", now: NOW - 1000 * DAY_MS });
export const lineCa = await openAuthority(ca);
export const issuing = await openAuthority(
  await makeAuthority({ subject: "gateway", now: NOW, clientsOnly: true }),
);
export const { privateKey: key, publicKey } = makeKeyPair();
export const signed = (now: number, until: number) =>
  issueClient(lineCa, { publicKey, commonName: "bob@desk", now, until });
/** Ten days of a hundred are left. */
export const DUE = await signed(NOW - 90 * DAY_MS, NOW + 10 * DAY_MS);
export const FRESH = await signed(NOW - 10 * DAY_MS, NOW + 90 * DAY_MS);
export const OPTIONS = { force: false, lifeMs: null };

/** A gateway as src/gateway/renewing, in memory. */
export function memoryGateway() {
  const state = {
    ...{ record: null as Renewal | null, copies: 0, asked: [] as SentRenewRequest[] },
    ca: ca.certificate as string | null,
  };
  const ask = async (
    _line: string,
    _endpoint: unknown,
    { certificate, key: theirs }: RenewCredential,
    asked: SentRenewRequest,
  ): Promise<RenewAnswer> => {
    state.asked.push(asked);
    const { fingerprint, notAfter } = readCertificate(certificate);
    const request = secretHash(Buffer.from(asked.request, "base64url"));
    const judged = judgeRenewal(state.record, { shown: fingerprint, notAfter, request }, NOW);
    if ("copied" in judged) state.copies++;
    if (!("again" in judged) && !("issue" in judged)) return { refused: "no", retry: false };
    if ("issue" in judged) {
      const issued = await issueClient(issuing, {
        ...{ publicKey: publicKeyOf(theirs), commonName: "bob@desk", now: NOW },
      });
      state.record = {
        ...judged.issue,
        ...{ at: new Date(NOW).toISOString(), current: readCertificate(issued).fingerprint },
        ...{ replaced: fingerprint, request, certificate: issued, copy: null, trusts: null },
      };
    }
    const { certificate: sent = "", generation = 0 } = state.record ?? {};
    return {
      name: "bob@desk",
      role: "viewer",
      expires: null,
      certificate: sent,
      generation,
      recoveriesLeft: 3,
      ca: state.ca,
    };
  };
  return { state, ask };
}

export interface Given {
  readonly certificate?: string;
  readonly caKey?: string;
  readonly fields?: object;
  readonly ask?: ReturnType<typeof memoryGateway>["ask"];
}

export function renewStage({ certificate = DUE, caKey, fields, ask }: Given = {}) {
  const lines = new MemoryLines();
  const line = sampleLine({ name: "web", mode: "gateway", joined: true, ...fields });
  const files: LineFiles = {
    ...{
      "line.json": "",
      "docker/ca.pem": ca.certificate,
      "docker/cert.pem": certificate,
      "docker/key.pem": key,
    },
    ...(caKey === undefined ? {} : { "ca/ca-key.pem": caKey }),
  };
  lines.keep(line, files as never);
  const gateway = memoryGateway();
  const pending = new Map<string, string>();
  const contexts = new Map<string, StoredContext>();
  const writes = { left: Number.POSITIVE_INFINITY };
  const write = () => {
    if (writes.left-- <= 0) throw new Error("killed");
  };
  lines.onWrite = write;
  const store: ContextStore = {
    list: async () => [...contexts.values()],
    read: async (name) => contexts.get(name),
    write: async (name, _meta, tls) => {
      write();
      contexts.set(name, { meta: { name, host: "", lineId: line.id } as never, files: tls ?? {} });
    },
    remove: async () => {},
    current: async () => undefined,
    use: async () => {},
  };
  contexts.set("web", {
    meta: { name: "web", host: "", lineId: line.id } as never,
    files: { "ca.pem": ca.certificate, "cert.pem": certificate, "key.pem": key },
  });
  const ports = {
    ...{ lines, env: {}, clock: () => NOW, random: countingRandom(), contexts: async () => store },
    passphrase: async () => "unused",
    ask: ask ?? gateway.ask,
    pending: {
      read: async (name: string) => pending.get(name),
      claim: async (name: string, text: string) => {
        write();
        if (!pending.has(name)) pending.set(name, text);
        return pending.get(name) ?? "";
      },
      drop: async (name: string, text: string) => {
        write();
        if (pending.get(name) === text) pending.delete(name);
      },
    },
  };
  const current = () => lines.readFile("web", "docker/cert.pem");
  return { ports, lines, pending, gateway: gateway.state, contexts, writes, current };
}

/**
 * The keys with which issuers sign, kept for ten minutes. They are fetched through the job that shows a token: the gateway
 * has no network. If a token names a key that is not among them, they are fetched again, so nobody has to act when an issuer
 * changes its keys.
 */
import type { Duplex } from "node:stream";
import { json, MINUTE_MS } from "../../base/index.ts";
import { hasKeyOf, type IssuerKey, type JobToken, type JobTrust, parseKeySet } from "../../identity/index.ts";
import type { FetchDocument } from "../ports.ts";

/** How long a key that its issuer has withdrawn may still be used. */
const KEPT_MS = 10 * MINUTE_MS;

export type Found = { readonly keys: readonly IssuerKey[] } | { readonly problem: string };

interface Kept {
  readonly keys: readonly IssuerKey[];
  /** ms since the epoch */
  readonly at: number;
}

const readDiscovery = json.openObject<{ readonly issuer: string; readonly jwks_uri: string }>({
  issuer: { read: json.words(1024) },
  jwks_uri: { read: json.words(1024) },
});

/** @returns the URL of the keys; only on the issuer's own server, which is the one that the job connects to */
export function keysUrl(issuer: string, discovery: string): { url: URL } | { problem: string } {
  const read = json.read(discovery, readDiscovery);
  if ("problems" in read) return { problem: `its configuration: ${read.problems[0]}` };
  const { issuer: named, jwks_uri: keys } = read.value;
  if (named !== issuer) return { problem: "its configuration is of another issuer" };
  const url = URL.canParse(keys) ? new URL(keys) : null;
  if (url === null || url.protocol !== "https:" || url.origin !== new URL(issuer).origin)
    return { problem: "its keys are not at the issuer's own https address" };
  return { url };
}

export class IssuerKeys {
  readonly #fetch: FetchDocument;
  readonly #clock: () => number;
  /** By issuer and the CA that its server was verified with: as many as there are trusts. */
  readonly #kept = new Map<string, Kept>();

  constructor(fetch: FetchDocument, clock: () => number) {
    this.#fetch = fetch;
    this.#clock = clock;
  }

  /** @param connect makes a connection to the issuer's server */
  async find(trust: JobTrust, token: JobToken, connect: () => Duplex): Promise<Found> {
    const name = JSON.stringify([trust.issuer, trust.ca]);
    const kept = this.#kept.get(name);
    const age = this.#clock() - (kept?.at ?? 0);
    if (kept && age >= 0 && age < KEPT_MS && hasKeyOf(kept.keys, token)) return kept;
    try {
      const found = await this.#fetchKeys(trust, connect);
      if ("keys" in found) this.#kept.set(name, { ...found, at: this.#clock() });
      return found;
    } catch (error) {
      return { problem: (error as Error).message };
    }
  }

  /** Forgets what no trust needs. */
  clear(): void {
    this.#kept.clear();
  }

  async #fetchKeys({ issuer, ca }: JobTrust, connect: () => Duplex): Promise<Found> {
    const configuration = new URL(`${issuer.replace(/\/$/, "")}/.well-known/openid-configuration`);
    const found = keysUrl(issuer, await this.#fetch(configuration, ca, connect()));
    if ("problem" in found) return found;
    const keys = parseKeySet(await this.#fetch(found.url, ca, connect()));
    return "problem" in keys ? { problem: `its keys: ${keys.problem}` } : { keys };
  }
}

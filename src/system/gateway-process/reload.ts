/**
 * Puts changed files in force one by one. A broken file leaves its old content in force and does not block the others.
 */
import { isDeepStrictEqual } from "node:util";
import { OneAtATime } from "../../base/index.ts";
import type { Gateway, GatewayConfig, OwnRoles } from "../../gateway/index.ts";
import type { ListInForce } from "../../identity/index.ts";
import type { TlsListener } from "./listen/tls-listener.ts";
import { readConfig, readTls, type Settings } from "./settings.ts";

export interface ReloadParts {
  readonly gateway: Gateway;
  readonly clients: ListInForce;
  readonly roles: OwnRoles;
  readonly tlsListener: TlsListener | null;
  /** Path of gateway.json. */
  readonly file: string;
  /** Puts in force what gateway.json says about the fleet. */
  readonly setFleet: (settings: GatewayConfig["fleet"]) => void;
  /** Called with a description of what has been put in force. */
  readonly onTaken: (what: string) => void;
}

/** Settings that need a restart. */
const FIXED = ["listen", "upstream", "audit", "metrics", "limits", "clients"] as const;

function needsRestart(before: GatewayConfig, after: GatewayConfig): string[] {
  const changed: string[] = FIXED.filter((key) => !isDeepStrictEqual(before[key], after[key]));
  // Turning TLS on or off needs a restart; changing its files does not.
  if ((before.tls === null) !== (after.tls === null)) changed.push("tls");
  return changed.length === 0
    ? []
    : [`${changed.join(", ")}: changed in gateway.json, in force after a restart`];
}

/** Each reason with the message, so that each is printed as a line. */
function eachReason(error: unknown): string[] {
  const { message, why = [] } = error as Error & { readonly why?: readonly string[] };
  return why.length === 0 ? [message] : why.map((one) => `${message}: ${one}`);
}

export class Reloader {
  readonly #parts: ReloadParts;
  #inForce: Pick<Settings, "config" | "tls">;
  #problems: readonly string[] = [];
  readonly #turns = new OneAtATime();

  constructor(parts: ReloadParts, inForce: Settings) {
    this.#parts = parts;
    this.#inForce = inForce;
  }

  /** What the last reload could not put in force. */
  get problems(): readonly string[] {
    return this.#problems;
  }

  get settings(): Pick<Settings, "config" | "tls"> {
    return this.#inForce;
  }

  /** Reloads run one at a time, so that old content never replaces newer. @returns what could not be put in force */
  reload(): Promise<readonly string[]> {
    return this.#turns.run(() => this.#reload());
  }

  async #reload(): Promise<readonly string[]> {
    const problems: string[] = [];
    const attempt = async (work: () => Promise<void>) => {
      await work().catch((error: unknown) => problems.push(...eachReason(error)));
    };
    await attempt(() => this.#config(problems));
    await attempt(() => this.#roles());
    await attempt(() => this.#clients());
    await attempt(() => this.#tls());
    this.#problems = problems;
    return problems;
  }

  async #config(problems: string[]): Promise<void> {
    const { config: before } = this.#inForce;
    const after = await readConfig(this.#parts.file);
    problems.push(...needsRestart(before, after));
    if (!isDeepStrictEqual(before.roles, after.roles)) {
      this.#parts.gateway.setRoles(after.roles);
      this.#parts.onTaken("the roles");
    }
    const { roles, issuingCa, fleet } = after;
    if (!isDeepStrictEqual(before.fleet, fleet)) {
      this.#parts.setFleet(fleet);
      this.#parts.onTaken("the settings for the fleet");
    }
    if (before.issuingCa !== issuingCa)
      this.#parts.onTaken(issuingCa ? "a CA of the gateway's own is allowed" : "no CA of the gateway's own");
    const tls = before.tls && (after.tls ?? before.tls);
    this.#inForce = { ...this.#inForce, config: { ...before, roles, issuingCa, fleet, tls } };
  }

  async #roles(): Promise<void> {
    const { roles, onTaken } = this.#parts;
    if (await roles.refresh()) onTaken(`the roles of this host: ${roles.all.length}`);
  }

  async #clients(): Promise<void> {
    const { clients, onTaken } = this.#parts;
    if (await clients.refresh()) onTaken(`the client list, ${clients.clients.length} clients`);
  }

  async #tls(): Promise<void> {
    const tls = await readTls(this.#inForce.config);
    if (tls !== null && !isDeepStrictEqual(tls, this.#inForce.tls)) {
      this.#parts.tlsListener?.setOptions(tls);
      this.#parts.onTaken("the certificates");
    }
    this.#inForce = { ...this.#inForce, tls };
  }
}

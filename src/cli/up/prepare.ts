/** Everything that is decided before the first change: which line, which identity, which plan. */
import type { HostFacts } from "../../facts/index.ts";
import {
  type Destination,
  defaultLineName,
  type Plan,
  planLine,
  requireFreeNames,
  type Survey,
  surveyHost,
  type Wish,
} from "../../host/index.ts";
import type { Line, LineMode } from "../../line/index.ts";
import { normaliseNames, parseName } from "../../pki/index.ts";
import type { Context } from "../context.ts";
import { type CertificateNames, certificateNames } from "./certificate-names.ts";
import { findPlainPorts } from "./find-plain-ports.ts";
import { type GatewayParts, gatewayParts } from "./gateway-wish.ts";
import { type Identity, makeIdentity, readIdentity } from "./identity.ts";
import { lookSettled } from "./look.ts";
import { requireKeyHeld } from "./meet-host.ts";
import type { OpenHost } from "./open-host.ts";
import { askPassphrase, choosePassphrase } from "./passphrase.ts";
import { recogniseHost } from "./recognise-host.ts";
import { requireResolvable } from "./require-resolvable.ts";
import type { UpFlags } from "./up-flags.ts";

const DEFAULT_PORT = 2376; // IANA: docker-s

/** What is to become of the line, and how. */
export interface Prepared {
  readonly facts: HostFacts;
  readonly survey: Survey;
  /** The line as it will be. */
  readonly line: Line;
  /** The line as this laptop has it; null for a new one. */
  readonly before: Line | null;
  readonly identity: Identity;
  readonly names: CertificateNames;
  /** SHA-256 of the server key on the host; empty where there is none yet. */
  readonly serverKey: string;
  readonly wish: Wish;
  /** Null in native mode. */
  readonly gateway: GatewayParts | null;
  readonly plan: Plan;
}

/** @param destination null for this machine itself */
export type UpTarget = Destination | null;

// An address that the user chose with --address is among the names asked for, so that it is kept next time.
function addressOf(flags: UpFlags, before: Line | null, host: OpenHost, facts: HostFacts): string {
  if (flags.address !== undefined) return flags.address;
  if (before?.sans.includes(before.address)) return before.address;
  return host.hostname ?? facts.addresses[0] ?? "127.0.0.1";
}

function modeOf({ gateway, native }: UpFlags, before: Line | null): LineMode {
  if (gateway) return "gateway";
  return native ? "native" : (before?.mode ?? "native");
}

// What was once given stays until it is dropped by name: clients may use it.
function sansOf({ address, san = [], dropSan = [] }: UpFlags, before: Line | null): string[] {
  const chosen = address === undefined ? [] : [address];
  const dropped = normaliseNames(dropSan).map(({ value }) => value);
  return normaliseNames([...(before?.sans ?? []), ...chosen, ...san])
    .map(({ value }) => value)
    .filter((value) => !dropped.includes(value));
}

/**
 * Looks and decides; changes nothing, but keeps a line that the host had confirmed to an `up` that was killed.
 * @throws everything that speaks against beginning
 */
export async function prepare(
  context: Context,
  flags: UpFlags,
  target: UpTarget,
  host: OpenHost,
): Promise<Prepared> {
  const facts = await lookSettled(context, host.shell);
  const survey = surveyHost(facts, context.clock());
  const defaultName = target ? defaultLineName(target.host) : "local";
  const recognised = await recogniseHost(context, flags, host, {
    facts,
    target: target?.text ?? null,
    defaultName,
  });
  const { before, name, seen, byUser } = recognised;
  // The line keeps names as the certificate has them: `[::1]`, a last dot and capitals are ways of typing.
  const address = parseName(addressOf(flags, before, host, facts)).value;
  const sans = sansOf(flags, before);
  const names = certificateNames([address, ...sans], facts, target === null);
  const port = flags.port ?? before?.port ?? DEFAULT_PORT;
  requireFreeNames(
    recognised.lines,
    { id: before?.id ?? "", port, target: target?.text ?? null },
    names.named,
  );
  await requireResolvable(names.named);
  if (byUser && before && facts.ours.publicKey !== null)
    await requireKeyHeld(host.shell, facts.ours.publicKey, before.id);
  const identity = before
    ? await readIdentity(context, before, () => askPassphrase(context, before.name))
    : await makeIdentity(context, name, flags.encryptCaKey ? await choosePassphrase(context) : undefined);
  const now = context.clock();
  const line: Line = {
    version: 2,
    id: identity.id,
    name,
    mode: modeOf(flags, before),
    address,
    port,
    target: target?.text ?? null,
    sans,
    addresses: names.named.map(({ value }) => value),
    host: {
      serverKeys: seen.serverKey === null ? [] : [seen.serverKey],
      reachedAt: before?.host.reachedAt ?? [],
      ssh: seen.ssh,
    },
    createdAt: before?.createdAt ?? new Date(now).toISOString(),
  };
  const gateway = line.mode === "gateway" ? await gatewayParts(facts, identity) : null;
  const wish: Wish = {
    port: line.port,
    names: names.named,
    ca: identity.ca,
    replaceTls: flags.replaceTls,
    forceRestart: false,
    gateway: gateway?.wish ?? null,
    // A stopped docker must not be woken through its sockets.
    plainPorts: await findPlainPorts(address, facts.service.active ? survey.apiPorts : []),
    now,
  };
  const plan = planLine(facts, survey, wish);
  return {
    facts,
    line,
    before,
    identity,
    names,
    serverKey: seen.serverKey ?? "",
    wish,
    gateway,
    survey,
    plan,
  };
}

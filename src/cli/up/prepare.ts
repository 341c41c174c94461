/** Everything that is decided before the first change: which line, which identity, which plan. */
import type { HostFacts } from "../../facts/index.ts";
import {
  type Destination,
  defaultLineName,
  lineForHost,
  lineOnHost,
  type Plan,
  planLine,
  type Survey,
  surveyHost,
  type Wish,
} from "../../host/index.ts";
import type { Line, LineMode } from "../../line/index.ts";
import { normaliseNames, parseName } from "../../pki/index.ts";
import type { Context } from "../context.ts";
import { readableLines } from "../line-contexts.ts";
import { type CertificateNames, certificateNames } from "./certificate-names.ts";
import { findPlainPorts } from "./find-plain-ports.ts";
import { type GatewayParts, gatewayParts } from "./gateway-wish.ts";
import { type Identity, makeIdentity, readIdentity } from "./identity.ts";
import { lookSettled } from "./look.ts";
import type { OpenHost } from "./open-host.ts";
import { askPassphrase, choosePassphrase } from "./passphrase.ts";
import { adoptPending, requireNotPending } from "./pending-line.ts";
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
  readonly wish: Wish;
  /** Null in native mode. */
  readonly gateway: GatewayParts | null;
  readonly plan: Plan;
}

/** @param destination null for this machine itself */
export type UpTarget = Destination | null;

/** A damaged line is in nobody's way but its own. @throws LINE_BROKEN when it has this name */
async function requireReadable({ lines }: Context, readable: readonly Line[], name: string): Promise<void> {
  const isReadable = readable.some((line) => line.name === name);
  if (!isReadable && (await lines.list()).includes(name)) await lines.read(name);
}

async function choose(context: Context, flags: UpFlags, target: UpTarget, facts: HostFacts) {
  const about = lineOnHost(facts);
  await adoptPending(context, about);
  const lines = await readableLines(context);
  if (about) await requireReadable(context, lines, about.lineName);
  const defaultName = target ? defaultLineName(target.host) : "local";
  const choice = lineForHost(lines, facts, { name: flags.name, defaultName, target: target?.text ?? null });
  if (choice.line) return choice;
  await requireReadable(context, lines, choice.name);
  await requireNotPending(context, choice.name, target?.text ?? null);
  return choice;
}

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
  const choice = await choose(context, flags, target, facts);
  const before = choice.line;
  const name = choice.line ? choice.line.name : choice.name;
  // The line keeps names as the certificate has them: `[::1]`, a last dot and capitals are ways of typing.
  const address = parseName(addressOf(flags, before, host, facts)).value;
  const sans = sansOf(flags, before);
  const names = certificateNames([address, ...sans], facts);
  await requireResolvable(names.required);
  const identity = before
    ? await readIdentity(context, before, () => askPassphrase(context, before.name))
    : await makeIdentity(context, name, flags.encryptCaKey ? await choosePassphrase(context) : undefined);
  const now = context.clock();
  const line: Line = {
    version: 1,
    id: identity.id,
    name,
    mode: modeOf(flags, before),
    address,
    port: flags.port ?? before?.port ?? DEFAULT_PORT,
    target: target?.text ?? null,
    sans,
    addresses: names.all.map(({ value }) => value),
    createdAt: before?.createdAt ?? new Date(now).toISOString(),
  };
  const gateway = line.mode === "gateway" ? await gatewayParts(facts, identity) : null;
  const wish: Wish = {
    port: line.port,
    names: names.all,
    ca: identity.ca,
    replaceTls: flags.replaceTls,
    forceRestart: false,
    gateway: gateway?.wish ?? null,
    // A stopped docker must not be woken through its sockets.
    plainPorts: await findPlainPorts(address, facts.service.active ? survey.apiPorts : []),
    now,
  };
  const plan = planLine(facts, survey, wish);
  return { facts, line, before, identity, names, wish, gateway, survey, plan };
}

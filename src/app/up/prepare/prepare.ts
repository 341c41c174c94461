/** Everything that is decided before the first change: which line, which identity, which plan. */
import { TLS_PORT } from "../../../engine/index.ts";
import { CLIENT_CA, type HostFacts } from "../../../facts/index.ts";
import {
  type DesiredState,
  defaultLineName,
  planLine,
  requireFreeNames,
  surveyHost,
} from "../../../host/index.ts";
import type { Line, LineMode } from "../../../line/index.ts";
import { formatBundle, normaliseNames, parseName, readBundle } from "../../../pki/index.ts";
import { lookAtRest, lookSettled, type OpenHost, requireKeyHeld } from "../../host/index.ts";
import type { UpPorts } from "../ports.ts";
import type { Identity, Prepared } from "../prepared.ts";
import { type Recognised, recogniseHost } from "../recognise/recognise-host.ts";
import type { UpRequest, UpTarget } from "../request.ts";
import { certificateNames } from "./certificate-names.ts";
import { gatewayParts } from "./desired-gateway.ts";
import { findPlainPorts } from "./find-plain-ports.ts";
import { makeIdentity, readIdentity } from "./identity.ts";
import { refusedStep, requireReplaceable, requireSameRevoked, tellWhoIsLeft, wishOf } from "./new-ca.ts";
import { reissuedBy, reissueReason } from "./reissued.ts";
import { requireResolvable } from "./require-resolvable.ts";

// An address that the user chose with --address is among the names asked for, so that it is kept next time.
function addressOf(request: UpRequest, before: Line | null, host: OpenHost, facts: HostFacts): string {
  if (request.address !== undefined) return request.address;
  if (before?.sans.includes(before.address)) return before.address;
  return host.hostname ?? facts.addresses[0] ?? "127.0.0.1";
}

function modeOf({ gateway, native }: UpRequest, before: Line | null): LineMode {
  if (gateway) return "gateway";
  return native ? "native" : (before?.mode ?? "native");
}

// A name that was given once stays until it is dropped: clients may use it.
function sansOf({ address, san = [], dropSan = [] }: UpRequest, before: Line | null): string[] {
  const chosen = address === undefined ? [] : [address];
  const dropped = normaliseNames(dropSan).map(({ value }) => value);
  return normaliseNames([...(before?.sans ?? []), ...chosen, ...san])
    .map(({ value }) => value)
    .filter((value) => !dropped.includes(value));
}

/** The line's address and port, as clients use them. @throws NAME_INVALID */
function addressing(
  { laptop }: UpPorts,
  request: UpRequest,
  { before, seen }: Recognised,
  host: OpenHost,
  facts: HostFacts,
) {
  // The line keeps names as the certificate has them: `[::1]`, a last dot and capitals are ways of typing.
  const address = parseName(addressOf(request, before, host, facts)).value;
  const sans = sansOf(request, before);
  const own = seen.target === null ? [] : laptop.addresses();
  const names = certificateNames([address, ...sans], facts, own);
  return { address, sans, names, port: request.port ?? before?.port ?? TLS_PORT };
}

type Addressing = ReturnType<typeof addressing>;

/** A dry run signs nothing and keeps nothing, so it asks for no passphrase. */
async function identityOf(
  ports: UpPorts,
  { before, name }: Recognised,
  request: UpRequest,
  facts: HostFacts,
): Promise<Identity> {
  const { questions } = ports;
  const { dryRun, encryptCaKey } = request;
  const mode = modeOf(request, before);
  requireReplaceable(request, before, mode);
  if (before) {
    const hostCa = facts.ours.files.get(CLIENT_CA)?.text ?? null;
    const identity = await readIdentity(ports, before, {
      passphrase: dryRun ? null : () => questions.passphrase(before.name),
      ...{ mode, wish: wishOf(request), hostCa, revokes: request.revoke ?? [] },
      refuse: (step) => refusedStep(request, before, step),
    });
    // A host that has switched already counts nobody any more.
    const { atOnce } = identity.caChange;
    if (atOnce !== null) requireSameRevoked(request, atOnce);
    else if (wishOf(request) !== null && identity.caChange.hostCa !== hostCa)
      await tellWhoIsLeft(ports, request, before, identity);
    return identity;
  }
  const isEncrypted = encryptCaKey && !dryRun;
  return makeIdentity(ports, name, isEncrypted ? await questions.newPassphrase() : undefined);
}

/** dockerd would trust a cross-certificate as a CA. */
function withoutCrosses(text: string): string {
  const { authorities, crosses } = readBundle(text);
  return crosses.length === 0 ? text : formatBundle({ authorities, crosses: [] });
}

function lineOf(
  request: UpRequest,
  { before, name, seen }: Recognised,
  { address, sans, names, port }: Addressing,
  id: string,
  now: number,
): Line {
  return {
    version: 2,
    id,
    name,
    mode: modeOf(request, before),
    address,
    port,
    target: seen.target,
    sans,
    addresses: names.named.map(({ value }) => value),
    host: {
      serverKeys: seen.serverKey === null ? [] : [seen.serverKey],
      reachedAt: before?.host.reachedAt ?? [],
      ssh: seen.ssh,
    },
    createdAt: before?.createdAt ?? new Date(now).toISOString(),
  };
}

/**
 * Looks and decides; changes nothing, but keeps a line that the host had confirmed to an `up` that was killed.
 * @throws everything that speaks against beginning
 */
export async function prepare(
  ports: UpPorts,
  request: UpRequest,
  target: UpTarget,
  host: OpenHost,
): Promise<Prepared> {
  const facts = await (request.dryRun ? lookAtRest : lookSettled)(ports, host.shell);
  const survey = surveyHost(facts, ports.clock());
  const defaultName = target ? defaultLineName(target.host) : "local";
  const where = { facts, target: target?.text ?? null, defaultName };
  const recognised = await recogniseHost(ports, request, host, where);
  const { before, seen, byUser } = recognised;
  const called = addressing(ports, request, recognised, host, facts);
  const { names, port, address } = called;
  requireFreeNames(recognised.lines, { id: before?.id ?? "", port, target: seen.target }, names.named);
  await requireResolvable(ports.outside, names.named, request, before?.sans ?? []);
  if (byUser && before && facts.ours.publicKey !== null)
    await requireKeyHeld(ports.random, host.shell, facts.ours.publicKey, before.id);
  const identity = await identityOf(ports, recognised, request, facts);
  const recorded = await reissuedBy(ports, request, before, identity);
  const now = ports.clock();
  const line = lineOf(request, recognised, called, identity.id, now);
  const gateway = line.mode === "gateway" ? await gatewayParts(ports.laptop, facts, identity, now) : null;
  // A stopped docker must not be woken through its sockets.
  const apiPorts = facts.service.active ? survey.apiPorts : [];
  const desired: DesiredState = {
    port,
    names: names.named,
    ca: gateway === null ? withoutCrosses(identity.caChange.hostCa) : identity.caChange.hostCa,
    caReason: reissueReason(identity.caChange, recorded),
    isCaMade: identity.caChange.isMade,
    replaceTls: request.replaceTls,
    forceRestart: false,
    gateway: gateway?.desired ?? null,
    plainPorts: await findPlainPorts(ports.outside.probe, address, apiPorts),
    now,
  };
  const plan = planLine(facts, survey, desired);
  const serverKey = seen.serverKey ?? "";
  return {
    request,
    facts,
    line,
    before,
    identity,
    names,
    serverKey,
    desired,
    gateway,
    reissued: recorded.reissued,
    twins: recorded.twins,
    survey,
    plan,
  };
}

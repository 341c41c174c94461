/** What stands in the way of a CA with another key (ADR 0032): the mode, the order of its steps, clients without it. */
import { shellJoin, TetherdockError } from "../../../base/index.ts";
import type { Client } from "../../../identity/index.ts";
import type { Line, LineMode } from "../../../line/index.ts";
import { keyFingerprint, readCertificate } from "../../../pki/index.ts";
import { askClients, type ClientsAnswer } from "../../gateway-api/index.ts";
import type { UpPorts } from "../ports.ts";
import type { CaReplacement, Identity } from "../prepared.ts";
import { retyped, type UpRequest } from "../request.ts";
import type { CaStep, CaWish, PossibleStep } from "./ca-step.ts";

/** Nobody reads more names, and all are in `client ls`. */
const MOST_NAMES = 20;

export const wishOf = ({ newCa, finishNewCa }: UpRequest): CaWish =>
  newCa ? "new" : finishNewCa ? "finish" : null;

const refused = (message: string, why: readonly string[], hints: readonly string[]) =>
  new TetherdockError("NEW_CA_REFUSED", message, { why, hints });

/** @throws NEW_CA_REFUSED */
export function requireReplaceable(request: UpRequest, before: Line | null, mode: LineMode): void {
  const wish = wishOf(request);
  if (wish === null) return;
  const plain = { newCa: false, finishNewCa: false, leaveBehind: false, revoke: undefined };
  if (before === null)
    throw refused("there is no line yet: it gets a new CA in any case", [], [retyped(request, plain)]);
  const { name } = before;
  if (mode === "gateway") {
    const [client] = request.revoke ?? [];
    if (client === undefined) return;
    const revoke = shellJoin(["tetherdock", "client", "revoke", client, "--line", name]);
    throw refused("a gateway revokes a client without a new CA", ["--revoke is for native mode"], [revoke]);
  }
  if (before.mode === "native" && wish === "new") return;
  const why = "dockerd trusts the new CA as soon as the old one is replaced: there is no second step";
  if (before.mode === "native")
    throw refused(
      "in native mode a CA is replaced at once",
      [why],
      [retyped(request, { ...plain, newCa: true })],
    );
  const native = retyped(request, { ...plain, native: true });
  throw refused("the CA is not replaced together with the mode", [], [`${native}   # first`]);
}

/**
 * A CA that took the old one's place in an `up` that was interrupted: that is ended first, as it was asked for.
 * @throws NEW_CA_REFUSED
 */
export function requireSameRevoked(request: UpRequest, { revokes, former }: CaReplacement): void {
  const wanted = request.revoke ?? [];
  const isSame = wanted.length === revokes.length && wanted.every((name) => revokes.includes(name));
  if (former !== null || !request.newCa || isSame) return;
  throw refused(
    "an earlier replacement of the CA was interrupted",
    [revokes.length === 0 ? "it revoked nobody" : `it revoked ${revokes.join(", ")}`],
    [`${retyped(request, { newCa: false, revoke: undefined })}   # ends it; then the same command again`],
  );
}

export function refusedStep(
  request: UpRequest,
  { name }: Line,
  step: Exclude<CaStep, PossibleStep>,
): TetherdockError {
  if (step.kind === "behind")
    return refused(
      `the CA of the line "${name}" was replaced, and this machine still has the old one`,
      ["another machine has done it, or the line was restored from an older backup"],
      [
        "run up on the machine that replaced it, or restore the line's folder from there",
        `${shellJoin(["tetherdock", "down", name])}   # then tetherdock up: every client needs a new certificate`,
      ],
    );
  if (step.kind === "nothing-offered")
    return refused(
      "no new CA is offered to the clients of this line",
      ["they need it before the host shows a certificate of it"],
      [retyped(request, { newCa: true, finishNewCa: false, leaveBehind: false })],
    );
  return refused(
    "the CA that the line had before is still valid for clients",
    [`its last certificates end on ${new Date(step.until).toISOString().slice(0, 10)}`],
    ["wait until then; if the key has leaked, tetherdock down and up make a new line"],
  );
}

type Listed = Pick<ClientsAnswer, "clients" | "newCa" | "jobs" | "fleet">;

interface Wanted {
  /** Of this machine, SHA-256. */
  readonly own: string;
  /** Of the new CA, SHA-256. */
  readonly key: string;
  readonly now: number;
}

/** A client without the new CA. */
interface Left {
  readonly name: string;
  /** Why it cannot fetch it; undefined: as far as the gateway knows, it can. */
  readonly obstacle: string | undefined;
}

/** Active clients that do not trust the new CA. */
function withoutIt({ clients, newCa, jobs, fleet }: Listed, { own, key, now }: Wanted): readonly Left[] {
  const trusting = new Set(newCa?.key === key ? newCa.clients : []);
  const isActive = ({ state, expires }: Client) =>
    state === "active" && (expires === null || Date.parse(expires) > now);
  const obstacleOf = (name: string) => {
    if (jobs.some((one) => one.name === name)) return "CI jobs: their settings need its pin";
    return fleet.includes(name) ? "of the fleet: needs the new ca.pem" : undefined;
  };
  return clients
    .filter((one) => isActive(one) && one.fingerprint !== null && one.fingerprint !== own)
    .filter(({ name }) => !trusting.has(name))
    .map(({ name }) => ({ name, obstacle: obstacleOf(name) }));
}

function named(left: readonly Left[]): readonly string[] {
  const more = left.length - MOST_NAMES;
  return [
    ...left.slice(0, MOST_NAMES).map(({ name, obstacle }) => (obstacle ? `${name} (${obstacle})` : name)),
    ...(more > 0 ? [`and ${more} more`] : []),
  ];
}

async function leftBy(ports: UpPorts, { name }: Line, key: string, next: string): Promise<readonly Left[]> {
  const wanted = { own: keyFingerprint(key), key: readCertificate(next).publicKeyFingerprint };
  return withoutIt(await askClients(ports, name), { ...wanted, now: ports.clock() });
}

/** @returns null: the gateway does not answer, which `up` may be about to repair */
async function leftIfKnown(...asked: Parameters<typeof leftBy>): Promise<readonly Left[] | null> {
  try {
    return await leftBy(...asked);
  } catch (error) {
    if (error instanceof TetherdockError) return null;
    throw error;
  }
}

/**
 * Before the first change: who cannot fetch the CA that is offered, or is cut off when it takes the old one's place.
 * @throws NEW_CA_REFUSED: somebody would be cut off, and it was not asked for; GATEWAY_UNREACHABLE, GATEWAY_REFUSED
 */
export async function tellWhoIsLeft(
  ports: UpPorts,
  request: UpRequest,
  line: Line,
  { caChange: { next }, key }: Identity,
): Promise<void> {
  if (next === null) return;
  const { newCa, leaveBehind } = request;
  if (newCa || leaveBehind) {
    const left = await leftIfKnown(ports, line, key, next);
    const told = newCa ? (left?.filter(({ obstacle }) => obstacle !== undefined) ?? []) : left;
    if (told?.length === 0) return;
    const names = told && named(told);
    return ports.report({ kind: "notice", id: newCa ? "by-hand" : "left-behind", names });
  }
  const left = await leftBy(ports, line, key, next);
  if (left.length === 0) return;
  throw refused(
    `${left.length === 1 ? "a client does" : `${left.length} clients do`} not have the new CA`,
    named(left),
    [
      "tetherdock renew --force   # on their machines",
      `${retyped(request, { leaveBehind: true })}   # they need the new ca.pem, or a new invitation`,
    ],
  );
}

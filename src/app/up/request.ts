/** What is asked of an `up`: the options of the command, whoever gives them. */
import { MINUTE_MS, SECOND_MS, shellJoin, TetherdockError } from "../../base/index.ts";
import { type Destination, parseDestination } from "../../host/index.ts";
import type { Line } from "../../line/index.ts";
import { normaliseNames } from "../../pki/index.ts";

export const DEFAULT_CONFIRM_WITHIN_MS = 2 * MINUTE_MS;

/** More clients are not revoked by one command. */
export const MOST_REVOKED = 100;

/** @see src/cli/up/flags.ts for what each of them means to the user */
export interface UpRequest {
  /** The ssh destination; undefined with `local`. */
  readonly destination: string | undefined;
  readonly local: boolean;
  readonly name: string | undefined;
  readonly port: number | undefined;
  readonly address: string | undefined;
  readonly san: readonly string[] | undefined;
  readonly dropSan: readonly string[] | undefined;
  readonly acceptHost: string | undefined;
  readonly gateway: boolean;
  readonly native: boolean;
  readonly replaceTls: boolean;
  readonly encryptCaKey: boolean;
  readonly newCa: boolean;
  /** Clients of a native line that get no certificate of the new CA. */
  readonly revoke: readonly string[] | undefined;
  readonly finishNewCa: boolean;
  readonly leaveBehind: boolean;
  /** Milliseconds. */
  readonly confirmWithin: number;
  readonly dryRun: boolean;
}

/** An `up` of a line that exists, without options. It names the line: another host at its address is no new line. */
export function requestOf({ name, target }: Pick<Line, "name" | "target">): UpRequest {
  return {
    ...{ name, destination: target ?? undefined, local: target === null },
    ...{ port: undefined, address: undefined, san: undefined, dropSan: undefined, acceptHost: undefined },
    ...{ gateway: false, native: false, replaceTls: false, encryptCaKey: false },
    ...{ newCa: false, revoke: undefined, finishNewCa: false, leaveBehind: false },
    ...{ confirmWithin: DEFAULT_CONFIRM_WITHIN_MS, dryRun: false },
  };
}

/** Null: this machine itself. */
export type UpTarget = Destination | null;

/** The host is closed to every other `up` meanwhile, which waits for a little longer than this. */
export const MAX_CONFIRM_WITHIN_MS = 15 * MINUTE_MS;

/** A command that asks for the same, with some of it changed: for hints, which must run as they stand. */
export function retyped(request: UpRequest, over: Partial<UpRequest> = {}): string {
  const { destination, local, confirmWithin, ...wanted } = { ...request, ...over };
  const option = (name: string, value: string | number | undefined) =>
    value === undefined ? [] : [`--${name}`, String(value)];
  const flag = (name: string, isGiven: boolean) => (isGiven ? [`--${name}`] : []);
  const isUsual = confirmWithin === DEFAULT_CONFIRM_WITHIN_MS;
  return shellJoin([
    ...["tetherdock", "up", local || destination === undefined ? "--local" : destination],
    ...option("name", wanted.name),
    ...option("port", wanted.port),
    ...option("address", wanted.address),
    ...(wanted.san ?? []).flatMap((name) => option("san", name)),
    ...(wanted.dropSan ?? []).flatMap((name) => option("drop-san", name)),
    ...option("accept-host", wanted.acceptHost),
    ...flag("gateway", wanted.gateway),
    ...flag("native", wanted.native),
    ...flag("replace-tls", wanted.replaceTls),
    ...flag("encrypt-ca-key", wanted.encryptCaKey),
    ...flag("new-ca", wanted.newCa),
    ...(wanted.revoke ?? []).flatMap((name) => option("revoke", name)),
    ...flag("finish-new-ca", wanted.finishNewCa),
    ...flag("leave-behind", wanted.leaveBehind),
    ...(isUsual ? [] : option("confirm-within", `${Math.ceil(confirmWithin / SECOND_MS)}s`)),
  ]);
}

/** Completes the hints of an error that only name an option. @returns the error with commands that can be run */
export function withCommands(error: unknown, request: UpRequest): unknown {
  if (!(error instanceof TetherdockError)) return error;
  const hints = error.retype.map(({ option, port, remark }) => {
    const over: Readonly<Record<typeof option, Partial<UpRequest>>> = {
      native: { native: true, gateway: false },
      "replace-tls": { replaceTls: true },
      port: { port },
    };
    return retyped(request, over[option]) + (remark === undefined ? "" : `   # ${remark}`);
  });
  return hints.length === 0 ? error : error.with({ hints });
}

function checkCaFlags(request: UpRequest): void {
  const { newCa, finishNewCa, leaveBehind, revoke = [] } = request;
  if (revoke.length > 0 && !newCa)
    throw new TetherdockError("USAGE", "--revoke needs --new-ca", {
      why: ["in native mode, only a new CA ends a client's access"],
      hints: [retyped(request, { newCa: true, finishNewCa: false, leaveBehind: false })],
    });
  if (revoke.length > MOST_REVOKED)
    throw new TetherdockError("USAGE", `--revoke can be given at most ${MOST_REVOKED} times`, {
      hints: [retyped(request, { revoke: undefined })],
    });
  if (newCa && finishNewCa)
    throw new TetherdockError("USAGE", "--new-ca and --finish-new-ca are two steps", {
      why: ["between them, the clients fetch the new CA"],
      hints: [retyped(request, { finishNewCa: false, leaveBehind: false })],
    });
  if (leaveBehind && !finishNewCa)
    throw new TetherdockError("USAGE", "--leave-behind needs --finish-new-ca", {
      hints: [retyped(request, { newCa: false, finishNewCa: true })],
    });
}

/**
 * Before ssh starts: these mistakes do not depend on the host.
 * @throws USAGE, NAME_INVALID
 */
export function checkRequest(request: UpRequest): UpTarget {
  const { destination, local, address, san = [], dropSan = [] } = request;
  if (local !== (destination === undefined))
    throw new TetherdockError("USAGE", local ? "--local takes no host" : "no host was named", {
      hints: ["tetherdock up user@host", "tetherdock up --local"],
    });
  const target = destination === undefined ? null : parseDestination(destination);
  if (request.gateway && request.native)
    throw new TetherdockError("USAGE", "--gateway and --native are two different modes", {
      hints: [retyped(request, { native: false }), retyped(request, { gateway: false })],
    });
  checkCaFlags(request);
  if (request.confirmWithin > MAX_CONFIRM_WITHIN_MS)
    throw new TetherdockError("USAGE", "--confirm-within is at most 15m", {
      why: ["the host keeps an unconfirmed change open until then, and accepts no other"],
      hints: [retyped(request, { confirmWithin: MAX_CONFIRM_WITHIN_MS })],
    });
  normaliseNames([...(address === undefined ? [] : [address]), ...san, ...dropSan]);
  return target;
}

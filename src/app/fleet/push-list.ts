/** Brings a fleet's list to its hosts, each over the operator's own line, and asks what they have. */
import { eachAtOnce as eachOf, json, SECOND_MS, shellJoin, TetherdockError } from "../../base/index.ts";
import {
  forHosts,
  isShared,
  listDigest,
  MOST_FLEET_ROLES,
  type OperatedFleet,
  readReceiptKey,
  type StoredReceipt,
} from "../../fleet/index.ts";
import type { GatewayCall } from "../../gateway/index.ts";
import { callLine, type Receipt, readChanged } from "../gateway-api/index.ts";
import type { FleetPorts } from "./ports.ts";

/** What a host says of its fleet. */
export interface HostFleet {
  readonly name: string;
  readonly version: number;
  /** Which list of that version: SHA-256 of its timestamp.json; null: its gateway is older. */
  readonly list: string | null;
  /** When its documents end, ISO 8601. */
  readonly until: string;
  /** Clients that the host's own list hides. */
  readonly hidden: readonly string[];
  /** Clients whose role the host does not have. */
  readonly withoutRole: readonly string[];
  /** Roles of the fleet that are not in force there; null: its gateway is older than roles on a fleet's list. */
  readonly roles: HostRoles | null;
  /** How it uses the store; null: not at all. */
  readonly link: HostLink | null;
}

export interface HostRoles {
  /** The host has a role of its own with that name. */
  readonly hidden: readonly string[];
  readonly unusable: readonly { readonly name: string; readonly why: string }[];
}

/** What a host's gateway knows of the fleet process beside it. */
export interface HostLink {
  /** null: it has not asked since the gateway started. */
  readonly process: {
    /** When it last asked, milliseconds since the epoch. */
    readonly at: number;
    readonly store: { readonly is: string; readonly why: string } | null;
    /** Why the store does not take its receipts; null: it does, or the host does not say. */
    readonly noReceipt: string | null;
  } | null;
}

/** Why all that is known of a host is its receipt. */
export interface OffLine {
  readonly error: TetherdockError;
  /** How old the receipt is. A host writes one each minute. */
  readonly silentMs: number;
}

export type HostResult = { readonly host: string } & (
  | { readonly fleet: HostFleet | null; readonly receipt: Receipt | null }
  /** Not reached over its line, but its receipt is in the store. */
  | (StoredReceipt & {
      /** Why its line did not do: of `fleet status`, and where the receipt is old. */
      readonly offLine?: OffLine;
    })
  | {
      readonly error: TetherdockError;
      /** It has this version of the list, whatever failed afterwards. */
      readonly version?: number;
    }
);

/** Hosts at a time. */
const AT_ONCE = 8;
const HOST_MS = 20_000;
/** Then a host that has not answered gives its place to the next: eight that hang must not keep a revocation from the ninth. */
const PLACE_MS = 2 * SECOND_MS;

const names = { read: json.list(json.words(64), 5_000) };
const readProcess = json.openObject<NonNullable<HostLink["process"]>>({
  at: { read: json.time },
  store: {
    read: json.orNull(
      json.openObject<{ is: string; why: string }>({
        is: { read: json.words(64) },
        why: { read: json.words(), optional: { value: "" } },
      }),
    ),
  },
  noReceipt: { read: json.orNull(json.words()), optional: { value: null } },
});
const readLink = json.openObject<HostLink>({ process: { read: json.orNull(readProcess) } });
const roleName = { read: json.words(64) };
const readHostRoles = json.openObject<HostRoles>({
  hidden: { read: json.list(roleName.read, MOST_FLEET_ROLES) },
  unusable: {
    read: json.list(
      json.openObject<HostRoles["unusable"][number]>({ name: roleName, why: { read: json.words() } }),
      MOST_FLEET_ROLES,
    ),
  },
});
const readFleet = json.openObject<HostFleet>({
  name: { read: json.words(64) },
  version: { read: json.number },
  list: { read: json.orNull(json.sha256), optional: { value: null } },
  until: { read: json.words(64) },
  hidden: names,
  withoutRole: names,
  roles: { read: json.orNull(readHostRoles), optional: { value: null } },
  link: { read: json.orNull(readLink), optional: { value: null } },
});

const readAnswer: json.Read<{ fleet: HostFleet | null; receipt: Receipt | null }> = (value, at, complain) => {
  const read = json.openObject<{ fleet: HostFleet | null }>({ fleet: { read: json.orNull(readFleet) } });
  const [fleet, changed] = [read(value, at, complain), readChanged(value, at, complain)];
  return fleet && changed && { ...fleet, ...changed };
};

/** Runs the work for each, a few at a time. @returns the results, in order */
export const eachAtOnce = <T, R>(all: readonly T[], work: (one: T) => Promise<R>): Promise<R[]> =>
  eachOf(AT_ONCE, all, work);

/** As {@link eachAtOnce}, for work that waits for hosts, which may hang. */
export const eachHost = <T, R>(
  { pause }: Pick<FleetPorts, "pause">,
  all: readonly T[],
  work: (one: T) => Promise<R>,
): Promise<R[]> => eachOf(AT_ONCE, all, work, (signal) => pause(PLACE_MS, signal));

/** What the operator needs to know of a host that joins. */
interface HostBefore {
  /** null: it is in none. */
  readonly fleet: HostFleet | null;
  /** Of its receipts; null: it has an older tetherdock. */
  readonly receiptKey: string | null;
}

const readBefore = json.openObject<HostBefore>({
  fleet: { read: json.orNull(readFleet) },
  receiptKey: { read: json.orNull(readReceiptKey), optional: { value: null } },
});

/** @throws LINE_UNKNOWN, LINE_BROKEN, GATEWAY_UNREACHABLE, GATEWAY_REFUSED */
export function askHost(ports: FleetPorts, line: string, signal?: AbortSignal): Promise<HostBefore> {
  const call = { method: "GET", path: "fleet", withinMs: HOST_MS, ...(signal && { signal }) } as const;
  return callLine(ports, line, call, readBefore);
}

/** Tells a host how it reaches the store. @returns what it says then @throws as {@link askHost} */
export async function tellHost(ports: FleetPorts, line: string, body: object): Promise<HostFleet | null> {
  const call = { method: "PUT", path: "fleet/store", body, withinMs: HOST_MS } as const;
  return (await callLine(ports, line, call, readAnswer)).fleet;
}

async function ask(ports: FleetPorts, host: string, call: GatewayCall): Promise<HostResult> {
  try {
    return { host, ...(await callLine(ports, host, { ...call, withinMs: HOST_MS }, readAnswer)) };
  } catch (error) {
    if (error instanceof TetherdockError) return { host, error };
    throw error;
  }
}

/**
 * Names of hosts are names of lines, and another operator's lines are other ones: a host that is in no fleet would take the list
 * of whoever brings it one first. @returns FLEET_REFUSED; GATEWAY_UNREACHABLE: it is not waited for twice; null: it is in the
 * fleet, or does not say
 */
async function strange(
  ports: FleetPorts,
  { name, kept }: OperatedFleet,
  host: string,
  signal?: AbortSignal,
): Promise<TetherdockError | null> {
  if (!isShared(kept.documents)) return null;
  const found = await ask(ports, host, { method: "GET", path: "fleet", ...(signal && { signal }) });
  if ("error" in found && found.error.code === "GATEWAY_UNREACHABLE") return found.error;
  if (!("fleet" in found) || found.fleet?.name === name) return null;
  const join = shellJoin(["tetherdock", "fleet", "join", host, "--fleet", name]);
  return new TetherdockError("FLEET_REFUSED", `the host of line "${host}" here is not in the fleet`, {
    why: ["another operator may have given this name to another host, so it was told nothing"],
    hints: [`${join}   # if it is the host that is meant`],
  });
}

/**
 * Brings the list to one host.
 * @param joins the operator has named it: it may be in no fleet yet @throws what the signal was aborted with
 */
export async function pushTo(
  ports: FleetPorts,
  fleet: OperatedFleet,
  host: string,
  { joins, signal }: { readonly joins: boolean; readonly signal?: AbortSignal },
): Promise<HostResult> {
  const error = joins ? null : await strange(ports, fleet, host, signal);
  if (error !== null) return { host, error };
  return ask(ports, host, {
    method: "PUT",
    path: "fleet",
    body: forHosts(fleet.kept.documents),
    ...(signal && { signal }),
  });
}

/** What a host says that it has. */
export function tellsItself(ports: FleetPorts, host: string): Promise<HostResult> {
  return ask(ports, host, { method: "GET", path: "fleet" });
}

/** Two operators have signed one version, and the host has the other's list. */
function requireSame({ kept }: OperatedFleet, result: HostResult): HostResult {
  const found = "fleet" in result ? result.fleet : null;
  const isOther =
    found?.version === kept.view.version && found.list !== null && found.list !== listDigest(kept.documents);
  if (!isOther) return result;
  const error = new TetherdockError("FLEET_CONFLICT", `it has another list of version ${kept.view.version}`);
  return { host: result.host, error };
}

/** @returns what each host has, in the list's order */
export function askHosts(ports: FleetPorts, fleet: OperatedFleet): Promise<HostResult[]> {
  return eachHost(ports, fleet.kept.view.list.hosts, async ({ name }) =>
    requireSame(fleet, await tellsItself(ports, name)),
  );
}

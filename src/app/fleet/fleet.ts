/** `fleet`: one list of clients for several hosts, signed on this machine: makes a fleet, and changes its hosts. */
import { createPrivateKey } from "node:crypto";
import { quoteForeign, shellJoin, TetherdockError } from "../../base/index.ts";
import {
  type FleetHost,
  type FleetList,
  formatPublication,
  isShared,
  kindOfStore,
  makeOperatorKey,
  type OperatedFleet,
  type OperatedStore,
  operatorOf,
  putHosts,
  removeHost,
  sameList,
} from "../../fleet/index.ts";
import { makeAuthority } from "../../pki/index.ts";
import { pickLine } from "../lines/index.ts";
import { type Pushed, withStore } from "./bring-list.ts";
import { askMember, askToLeave } from "./hosts/ask-member.ts";
import { highestOnHosts } from "./hosts/highest-on-hosts.ts";
import { tellLeaving, withProcess } from "./hosts/just-joined.ts";
import { authoritiesOf, requireSameHosts } from "./hosts/same-host.ts";
import { tellEnded } from "./hosts/told-ended.ts";
import { type IfUnread, listAhead, newestToRevoke, requireNewest } from "./newest-list.ts";
import { finishList, listToChange, openFleet, publish, publishSame, signFirst } from "./open-fleet.ts";
import { bringSigned } from "./operators/bring-signed.ts";
import { requireOperator, settleProposal } from "./operators/proposals.ts";
import type { FleetPorts } from "./ports.ts";
import { eachAtOnce, eachHost, type HostResult, tellHost } from "./push-list.ts";
import { versionOn } from "./results.ts";

/**
 * @param store null: hosts get the list over the operator's lines only
 * @throws FLEET_EXISTS, FLEET_STORE_FAILED
 */
export async function initFleet(
  ports: FleetPorts,
  name: string,
  store: OperatedStore | null = null,
): Promise<OperatedFleet> {
  const { fleets, clock } = ports;
  const ca = await makeAuthority({ subject: `tetherdock fleet ${name}`, now: clock(), clientsOnly: true });
  const operatorKey = makeOperatorKey();
  const key = createPrivateKey(operatorKey);
  const operators = [operatorOf(key, ports.operator())];
  const list: FleetList = {
    name,
    ca: ca.certificate,
    clients: [],
    roles: [],
    revoked: [],
    hosts: [],
    store: store?.address ?? null,
  };
  const fleet = {
    ...{ name, ca, operatorKey, store },
    kept: await signFirst(list, key, clock(), { operators }),
  };
  await fleets.create(fleet);
  if (store !== null) await fleets.setStore(name, store);
  // NATS servers need what was made just now before they are there; the first host that joins publishes.
  if (store !== null && kindOfStore(store.address) === "https")
    await withStore(ports, fleet, async (opened) => {
      const { documents, view } = fleet.kept;
      await opened?.publish(formatPublication(documents), view.version);
    });
  return fleet;
}

/** @throws LINE_UNKNOWN, LINE_BROKEN, and what {@link askMember} throws */
async function hostOf(ports: FleetPorts, fleet: string, name: string): Promise<FleetHost> {
  const [{ address, port }, ca] = await Promise.all([
    ports.lines.read(name),
    ports.lines.readFile(name, "docker/ca.pem"),
  ]);
  const { receiptKey } = await askMember(ports, fleet, name);
  return { name, address, port, ca, receiptKey: receiptKey ?? undefined };
}

/** Signs the change, and brings the list to all hosts. @param ifUnread as for {@link requireNewest} */
export async function changeFleet(
  ports: FleetPorts,
  name: string | undefined,
  make: (list: FleetList) => Parameters<typeof publish>[2],
  { joining, ifUnread }: { readonly joining?: ReadonlySet<string>; readonly ifUnread?: IfUnread } = {},
): Promise<Pushed> {
  const before = await requireNewest(ports, await openFleet(ports, name), ifUnread);
  const fleet = await publish(ports, before, make(listToChange(before.kept)));
  return bringSigned(ports, fleet, joining);
}

/**
 * @param names of lines; if empty, the default line
 * @param replace a host may take the place of another one of its name
 * @throws FLEET_REFUSED: it would take another one's place, or is in another fleet
 */
export async function joinHosts(
  ports: FleetPorts,
  fleet: string | undefined,
  names: readonly string[],
  { replace } = { replace: false },
): Promise<Pushed> {
  const picked = await Promise.all(
    (names.length === 0 ? [undefined] : names).map((one) => pickLine(ports, one)),
  );
  const { name } = await openFleet(ports, fleet);
  const hosts = await eachHost(ports, [...new Set(picked)], (one) => hostOf(ports, name, one));
  const joining = new Set(picked);
  const cas = new Map(
    await eachAtOnce([...joining], async (one) => [one, await authoritiesOf(ports, one)] as const),
  );
  const put = (list: FleetList) => {
    if (!replace) requireSameHosts(list, hosts, cas);
    return putHosts(list, hosts);
  };
  const pushed = await changeFleet(ports, fleet, put, { joining });
  const told = await tellStore(ports, pushed, joining);
  await tellLeaving(ports, pushed.fleet, joining);
  return { ...pushed, hosts: await withProcess(ports, told, joining) };
}

/** Each host that joins learns how it reaches the store. @returns the results; those that could not be told are errors */
export function tellStore(ports: FleetPorts, { fleet, hosts }: Pushed, joined: ReadonlySet<string>) {
  return withStore(ports, fleet, async (store) => {
    if (store === null) return hosts;
    return eachHost(ports, hosts, async (result): Promise<HostResult> => {
      if (!joined.has(result.host) || "error" in result) return result;
      try {
        const body = { host: result.host, credentials: await store.admit(result.host) };
        const fleetThere = await tellHost(ports, result.host, body);
        return "stored" in result ? result : { ...result, fleet: fleetThere };
      } catch (error) {
        const version = versionOn(result);
        if (error instanceof TetherdockError)
          return { host: result.host, error, ...(version === null ? {} : { version }) };
        throw error;
      }
    });
  });
}

/** @param error why the list still names a host that has left: others have to sign that, for example */
function stillListed(error: TetherdockError, fleet: string, host: string): TetherdockError {
  const join = shellJoin(["tetherdock", "fleet", "join", host, "--fleet", fleet]);
  return error.with({
    why: [
      `${quoteForeign(host)} has left: the list still names it, and the fleet's clients have no access to it`,
    ],
    hints: [`${join}   # then: brings it back`],
  });
}

/** Ends the host's credentials for the store. @returns tells what is known of them, or throws why they could not be ended */
async function endedIn(ports: FleetPorts, fleet: OperatedFleet, host: string): Promise<() => void> {
  try {
    const ended = await withStore(ports, fleet, async (store) => store?.expel(host));
    return () => ended && tellEnded(ports, fleet, host, ended);
  } catch (error) {
    return () => {
      throw error;
    };
  }
}

/**
 * The host first: if it cannot be reached, it is still in the fleet.
 * @throws GATEWAY_UNREACHABLE, FLEET_REFUSED for a host of another fleet; neither if forced
 */
export async function leaveFleet(
  ports: FleetPorts,
  fleet: string | undefined,
  host: string,
  { force }: { readonly force: boolean },
): Promise<Pushed> {
  // Before the host leaves: what the list says would be refused afterwards.
  const opened = await requireNewest(ports, await openFleet(ports, fleet), force ? "tell" : "refuse");
  const { name, kept } = opened;
  const isListed = kept.view.list.hosts.some((one) => one.name === host);
  const hasLeft = isListed && (await askToLeave(ports, opened, host, { force }));
  // Before the list, whose publication ends what this machine knows of: nobody could tell then whether the host had credentials.
  const told = isListed ? await endedIn(ports, opened, host) : () => {};
  try {
    // An operator alone has been told above.
    const ifUnread = force || !isShared(kept.documents) ? "told" : "refuse";
    const pushed = await changeFleet(ports, fleet, (list) => removeHost(list, host), { ifUnread });
    told();
    return pushed;
  } catch (error) {
    if (!(error instanceof TetherdockError)) throw error;
    // The host has left, whoever else has to sign that.
    if (error.code === "FLEET_PROPOSED") told();
    throw hasLeft ? stillListed(error, name, host) : error;
  }
}

/** The version that the store or a host has, if this machine has an older one; else 0. */
async function highestElsewhere(ports: FleetPorts, fleet: OperatedFleet): Promise<number> {
  const [ahead, onHosts] = await Promise.all([listAhead(ports, fleet), highestOnHosts(ports, fleet)]);
  const highest = Math.max(ahead?.view.version ?? 0, onHosts);
  return highest >= fleet.kept.view.version ? highest : 0;
}

/** This machine's list counts from now on. */
async function signOver(ports: FleetPorts, fleet: OperatedFleet): Promise<OperatedFleet> {
  const above = await highestElsewhere(ports, fleet);
  return publishSame(ports, fleet, { renews: true, ...(above > 0 && { above }) });
}

/**
 * If two operators have revoked at the same moment, what both have revoked. If this machine's list never got into the store, and
 * another one did, that one.
 * @throws FLEET_CONFLICT
 */
async function signAgain(ports: FleetPorts, opened: OperatedFleet): Promise<OperatedFleet> {
  const { fleet, above } = await newestToRevoke(ports, opened);
  if (above === undefined) return publishSame(ports, fleet, { renews: true });
  requireOperator(fleet);
  const after = await finishList(ports, fleet, sameList(fleet.kept.documents), above);
  await settleProposal(ports, fleet.name, after.kept);
  return after;
}

/**
 * Signs the list anew, so that it lasts longer, and brings it to all hosts.
 * @param force if another machine has changed the list, this one's counts from now on
 * @throws FLEET_CONFLICT
 */
export async function pushFleet(
  ports: FleetPorts,
  name: string | undefined,
  { force } = { force: false },
): Promise<Pushed> {
  const opened = await openFleet(ports, name);
  const fleet = await (force ? signOver(ports, opened) : signAgain(ports, opened));
  return bringSigned(ports, fleet);
}

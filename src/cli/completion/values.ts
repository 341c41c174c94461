/** Values that Tab can know: names kept here, and those that a line's gateway tells. */

import type { KeptFleet } from "../../fleet/index.ts";
import { tetherdockHome } from "../../line/index.ts";
import { ROLE_NAMES } from "../../policy/index.ts";
import type { Context } from "../context.ts";

type Completer = (this: Context, partial: string) => Promise<readonly string[]>;

/** bash expands what it is given to choose from, `$(…)` too: nothing that another machine has written may get there. */
const HARMLESS = /^[A-Za-z0-9][A-Za-z0-9._@+-]*$/;

/** Only those that begin like what is typed; none when they cannot be read. */
function completer(list: (context: Context) => Promise<readonly string[]>): Completer {
  return async function complete(this: Context, partial: string) {
    const all = await list(this).catch(() => []);
    return all.filter((word) => HARMLESS.test(word) && word.startsWith(partial));
  };
}

/** Lines of this machine. */
export const lineNames: Completer = completer((context) => context.lines.list());

/** Docker contexts that tetherdock made. */
export const contextNames: Completer = completer(async (context) => {
  const { listLineContexts } = await import("../../app/lines/index.ts");
  return (await listLineContexts(context, () => undefined)).map(({ name }) => name);
});

/** Clients of the gateway of the line that is meant when none is named. */
export const clientNames: Completer = completer(async (context) => {
  const { listClients } = await import("../../app/clients/index.ts");
  const { silentGatewayPorts } = await import("../api/ports.ts");
  const ports = { ...silentGatewayPorts(context), clock: context.clock };
  return (await listClients(ports, undefined)).map(({ name }) => name);
});

/** Roles that somebody has made on that gateway. */
export const ownRoleNames: Completer = completer(async (context) => {
  const { keptRoles } = await import("../../app/roles/index.ts");
  const { silentGatewayPorts } = await import("../api/ports.ts");
  return (await keptRoles(silentGatewayPorts(context), undefined)).map(({ name }) => name);
});

/** All roles there: the built-in ones too. */
export const roleNames: Completer = completer(async (context) => {
  const own = await ownRoleNames.call(context, "").catch(() => []);
  return [...ROLE_NAMES, ...own];
});

/** Sessions of that gateway; the one that asks is among them. */
export const sessionIds: Completer = completer(async (context) => {
  const { askSessions } = await import("../../app/gateway-api/index.ts");
  const { silentGatewayPorts } = await import("../api/ports.ts");
  return (await askSessions(silentGatewayPorts(context), undefined)).map(({ id }) => id);
});

async function fleetsOf(context: Context) {
  const { createFleetStore } = await import("../../system/identity/fleet-store.ts");
  return createFleetStore(tetherdockHome(context));
}

/** Fleets that this machine operates. */
export const fleetNames: Completer = completer(async (context) => (await fleetsOf(context)).list());

/** Names in its only fleet; of several, nobody knows yet which one is meant. */
const inOnlyFleet = (names: (kept: KeptFleet) => readonly string[] | Promise<readonly string[]>): Completer =>
  completer(async (context) => {
    const fleets = await fleetsOf(context);
    const [only = "", ...others] = await fleets.list();
    return others.length > 0 ? [] : names((await fleets.read(only)).kept);
  });

export const fleetOperatorNames = inOnlyFleet(async ({ documents }) => {
  const { operatorsOf } = await import("../../fleet/index.ts");
  return operatorsOf(documents).flatMap(({ name }) => name ?? []);
});

export const fleetClientNames = inOnlyFleet(({ view }) => view.list.clients.map(({ name }) => name));

export const fleetRoleNames = inOnlyFleet(({ view }) => view.list.roles.map(({ name }) => name));

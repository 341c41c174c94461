/** The clients of a gateway, as the picture shows them: names, roles, and who is refused. */
import { counted } from "../base/index.ts";
import {
  ACCESSES,
  type Access,
  type Entrance,
  type GatewayClient,
  type Topology,
  type Way,
} from "./topology.ts";

/** How something is drawn. Only a client can be `refused`. */
export type Look = Access | "refused";

export const LOOKS: readonly Look[] = [...ACCESSES, "refused"];

/** One or more clients of a gateway, drawn like a {@link Way}. */
export interface ClientWay extends Pick<Way, "who" | "says"> {
  readonly access: Look;
}

/** More clients would fill the screen. */
const MAX_SHOWN = 8;

const STATES: readonly GatewayClient["state"][] = ["active", "expired", "revoked"];

/** The most powerful clients come first, so that those equal to root are shown rather than counted. */
function byPower(one: GatewayClient, other: GatewayClient): number {
  return (
    STATES.indexOf(one.state) - STATES.indexOf(other.state) ||
    Number(other.equalsRoot) - Number(one.equalsRoot) ||
    (one.name < other.name ? -1 : 1)
  );
}

const lookOf = ({ state }: GatewayClient): Look => (state === "active" ? "guarded" : "refused");

function clientWay(client: GatewayClient): ClientWay {
  const { name, role, state, equalsRoot } = client;
  const active = equalsRoot ? `${role}: equal to root` : role;
  return { who: name, access: lookOf(client), says: state === "active" ? active : `${role}, ${state}` };
}

function hiddenWay(hidden: readonly GatewayClient[]): ClientWay[] {
  if (hidden.length === 0) return [];
  const roots = hidden.filter(({ state, equalsRoot }) => state === "active" && equalsRoot).length;
  return [
    {
      who: counted(hidden.length, "more client"),
      access: hidden.some(({ state }) => state === "active") ? "guarded" : "refused",
      says: `${roots === 0 ? "none" : roots} equal to root`,
    },
  ];
}

/** What to draw below the ways of an entrance; nothing unless it is a gateway's. */
export function clientWays({ clients }: Pick<Entrance, "clients">): ClientWay[] {
  if (clients === null) return [];
  if (!clients.known) return [{ who: "clients on its list", access: "unknown", says: "not read" }];
  if (clients.list.length === 0)
    return [{ who: "nobody", access: "refused", says: "the client list is empty" }];
  const sorted = clients.list.toSorted(byPower);
  // A line "1 more client" takes the same room as the client itself.
  const shown = sorted.length === MAX_SHOWN + 1 ? sorted.length : MAX_SHOWN;
  return [...sorted.slice(0, shown).map(clientWay), ...hiddenWay(sorted.slice(shown))];
}

/** Every look in a picture, for its legend; the worst first. */
export function looksIn({ entrances }: Pick<Topology, "entrances">): Look[] {
  const present = new Set<Look>(
    entrances.flatMap((entrance) => [...entrance.ways, ...clientWays(entrance)].map(({ access }) => access)),
  );
  return LOOKS.filter((look) => present.has(look));
}

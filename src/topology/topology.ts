/** The paths to the engine as plain data, for the drawings. Texts are as the host has them, not yet safe to print. */

/**
 * `open`: anybody can connect; `guarded`: root, group docker, a certificate or a login is needed; `unknown`: nobody tried,
 * or what was seen tells nothing; `blocked`: it listens, and nothing from here reaches it.
 */
export type Access = "open" | "guarded" | "unknown" | "blocked";

/** From worst to least. */
export const ACCESSES: readonly Access[] = ["open", "guarded", "unknown", "blocked"];

/** Somebody who may come in by an entrance, and how that goes. */
export interface Way {
  readonly who: string;
  readonly access: Access;
  /** A few words; colours only repeat them. */
  readonly says: string;
}

/** One client on a gateway's list. */
export interface GatewayClient {
  readonly name: string;
  readonly role: string;
  /** As of the picture's time: an active client whose time is over is `expired`. */
  readonly state: "active" | "revoked" | "expired";
  /** RFC 3339, UTC; null: with its certificate. */
  readonly expires: string | null;
  /** Whether its role may do everything, which means root on the host. */
  readonly equalsRoot: boolean;
}

/** The list, and where it was read: in the host's file, or from the gateway's API. */
export type GatewayClients =
  | { readonly known: true; readonly from: "host" | "gateway"; readonly list: readonly GatewayClient[] }
  | { readonly known: false; readonly why: string };

/** One way in: a listening socket, or the same one on several addresses. */
export interface Entrance {
  readonly transport: "unix" | "tcp" | "ssh";
  /** `/run/docker.sock`, `[::]:2375`; one or more. */
  readonly addresses: readonly string[];
  /** What stands between: systemd's socket unit, nginx, a container, sshd; null when dockerd itself listens. */
  readonly via: { readonly name: string; readonly detail: string } | null;
  /** How `via` hands it on to dockerd: `fd://`, `unix`, `passes on`, `?`; empty when dockerd itself listens. */
  readonly hop: string;
  /** At least one. */
  readonly ways: readonly Way[];
  /** Who is on the list of the gateway that stands between; null where there is none. */
  readonly clients: GatewayClients | null;
}

/** Everything that leads to one engine. */
export interface Topology {
  readonly name: string;
  /** When it was seen: RFC 3339, UTC. */
  readonly at: string;
  /** dockerd's version, or what is known instead of it. */
  readonly daemon: string;
  readonly entrances: readonly Entrance[];
  /** Endpoints that were tried and refuse every connection. */
  readonly closed: readonly string[];
  /** Endpoints that were tried and could not be reached from here: open or closed, nobody knows. */
  readonly unreached: readonly string[];
}

/** For below the drawing: why a client list was not read, and each endpoint that let no connection in. */
export function notes({ entrances, closed, unreached }: Topology): string[] {
  return [
    ...entrances.flatMap(({ clients }) =>
      clients === null || clients.known ? [] : [`client list not read: ${clients.why}`],
    ),
    ...closed.map((address) => `closed: ${address}`),
    ...unreached.map((address) => `not reached from here: ${address}`),
  ];
}

/** The worst of an entrance's ways, which decides the form of the line from its box to dockerd. */
export function worstAccess({ ways }: Pick<Entrance, "ways">): Access {
  return ACCESSES.find((access) => ways.some((way) => way.access === access)) ?? "unknown";
}

const VERDICTS: Record<Access, string> = {
  open: "some open to anybody",
  unknown: "not everything was tried",
  guarded: "none open to anybody",
  blocked: "none open to anybody",
};

/** The verdict and the date, for the title. */
export function verdictOf({ entrances, at }: Pick<Topology, "entrances" | "at">): string {
  const worst = worstAccess({ ways: entrances.flatMap(({ ways }) => ways) });
  const verdict = entrances.length === 0 ? "nothing was seen to listen" : VERDICTS[worst];
  return `${verdict} (${at.slice(0, 10)})`;
}

/** The addresses in as few words as `ss` takes: `*:22` for a port on every IPv4 and IPv6 address. */
export function addressText({ addresses }: Pick<Entrance, "addresses">): string {
  const everywhere = addresses.flatMap((address) => {
    const port = /^0\.0\.0\.0:(\d+)$/.exec(address)?.[1];
    return port !== undefined && addresses.includes(`[::]:${port}`) ? [port] : [];
  });
  const rest = addresses.filter(
    (address) =>
      !everywhere.some((port) => /^(0\.0\.0\.0|\[::\]):/.test(address) && address.endsWith(`:${port}`)),
  );
  return [...everywhere.map((port) => `*:${port}`), ...rest].join(" ");
}

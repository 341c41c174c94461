/** Who gets in through a local socket: root, the group, every user if its mode says so, containers that mount it. */
import type { Inside } from "../doctor/index.ts";
import type { Way } from "./topology.ts";

// More would leave no room for anything else.
const MAX_SHOWN = 5;

/** /var/run is a link to /run on every distribution with systemd. */
export function canonicalPath(path: string): string {
  return path.replace(/^\/var\/run\//, "/run/");
}

function userWay({ modes, dockerGroup }: Inside, path: string): Way {
  const mode = modes.find((fact) => fact.kind === "socket" && canonicalPath(fact.path) === path)?.mode;
  // Connecting to a unix socket takes the right to write to it (unix(7)).
  if (mode !== undefined && (Number.parseInt(mode, 8) & 0o002) !== 0)
    return { who: "every local user", access: "open", says: `OPEN: mode ${mode}` };
  const says = dockerGroup.length === 0 ? "a group without members" : `members: ${dockerGroup.join(", ")}`;
  return { who: "root, group docker", access: "guarded", says };
}

/** @param path of the socket, canonical */
export function localWays(inside: Inside, path: string): Way[] {
  const mounting = inside.containers.filter(({ mountsSocket }) => mountsSocket);
  const shown = mounting.slice(0, MAX_SHOWN).map(
    ({ name }): Way => ({
      who: `container ${name}`,
      access: "guarded",
      says: "mounts the socket: is root",
    }),
  );
  const left = mounting.length - shown.length;
  const more: Way[] =
    left === 0
      ? []
      : [{ who: `${left} more containers`, access: "guarded", says: "mount the socket: are root" }];
  return [userWay(inside, path), ...shown, ...more];
}

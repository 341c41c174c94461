/**
 * Tecnativa's docker-socket-proxy, and LinuxServer's image of it: variables that open sections of the API by the beginning of
 * the path.
 */
import { quoteForeign } from "../../../base/index.ts";
import { operations } from "../../../engine/index.ts";
import type { Note } from "../made/role-text.ts";
import type { Permissions } from "./permissions.ts";

/** Variable → the beginning of the paths that it opens. */
const SECTIONS: ReadonlyMap<string, string> = new Map(
  [
    ...[
      "auth",
      "build",
      "commit",
      "configs",
      "containers",
      "distribution",
      "events",
      "exec",
      "grpc",
      "images",
    ],
    ...["info", "networks", "nodes", "plugins", "secrets", "services", "session", "swarm", "system", "tasks"],
    ...["version", "volumes"],
  ]
    .map((word): [string, string] => [word.toUpperCase(), `/${word}`])
    .concat([["PING", "/_ping"]]),
);

const ON: ReadonlySet<string> = new Set(["EVENTS", "PING", "VERSION"]);

const ACTIONS: ReadonlyMap<string, readonly string[]> = new Map([
  ["ALLOW_START", ["ContainerStart"]],
  ["ALLOW_STOP", ["ContainerStop"]],
  ["ALLOW_RESTARTS", ["ContainerStop", "ContainerRestart", "ContainerKill"]],
  ["ALLOW_KILL", ["ContainerKill"]],
  ["ALLOW_PAUSE", ["ContainerPause"]],
  ["ALLOW_UNPAUSE", ["ContainerUnpause"]],
]);

/** They say nothing of what clients may do. */
const SETTINGS: ReadonlySet<string> = new Set([
  ...["LOG_LEVEL", "SOCKET_PATH", "BIND_CONFIG", "DISABLE_IPV6", "TZ", "PUID", "PGID"],
]);

export const isProxyVariable = (name: string): boolean =>
  SECTIONS.has(name) || ACTIONS.has(name) || name === "POST";

/** Whether a path belongs to a section: `/build` opens `/build/prune` too, and `/version` not `/volumes`. */
const opens = (section: string, path: string): boolean => path.startsWith(section);

/** @param linuxserver whether it is that image, in which `ALLOW_…` works without `POST=1` */
export function readDockerSocketProxy(
  variables: ReadonlyMap<string, string>,
  linuxserver: boolean,
): Permissions {
  const notes: Note[] = [];
  const isOn = (name: string): boolean => {
    const value = variables.get(name);
    if (value === undefined) return ON.has(name);
    if (value !== "" && value !== "0" && value !== "1")
      notes.push({
        about: `${name}=${quoteForeign(value)}`,
        text: "only 0 and 1 are understood; it is read as 0",
      });
    return value === "1";
  };
  const mayWrite = isOn("POST");
  const permitted = new Set<string>();
  for (const [variable, section] of SECTIONS)
    if (isOn(variable))
      for (const { name, method, path } of operations)
        if (opens(section, path) && (mayWrite || method === "GET" || method === "HEAD")) permitted.add(name);
  for (const [variable, names] of ACTIONS) {
    if (!isOn(variable)) continue;
    if (mayWrite || linuxserver) for (const name of names) permitted.add(name);
    else
      notes.push({
        about: `${variable}=1`,
        text: "Tecnativa's proxy refuses it without POST=1, so it is left out. LinuxServer's permits it: import the compose file, which names the image",
      });
  }
  for (const name of variables.keys())
    if (!isProxyVariable(name) && !SETTINGS.has(name) && !["", "0"].includes(variables.get(name) ?? ""))
      notes.push({
        about: quoteForeign(name),
        text: "not a variable of this proxy that is known here; it is left out",
      });
  return { operations: permitted, whose: "anybody's", limits: {}, notes };
}

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
]);

/** Of LinuxServer's image only. */
const MORE_ACTIONS: ReadonlyMap<string, readonly string[]> = new Map([
  ["ALLOW_PAUSE", ["ContainerPause"]],
  ["ALLOW_UNPAUSE", ["ContainerUnpause"]],
]);

/** What LinuxServer's image refuses without the variable, whatever opens the section. */
const KEPT_BACK: ReadonlyMap<string, readonly string[]> = new Map([
  ["ALLOW_ARCHIVE", ["ContainerArchive", "ContainerArchiveInfo", "PutContainerArchive"]],
  ["ALLOW_CHANGES", ["ContainerChanges"]],
  ["ALLOW_EXPORT", ["ContainerExport"]],
  ["ALLOW_LOGS", ["ContainerLogs"]],
  ["ALLOW_TOP", ["ContainerTop"]],
]);

const LINUXSERVERS: ReadonlySet<string> = new Set([...MORE_ACTIONS.keys(), ...KEPT_BACK.keys()]);

/** They say nothing of what clients may do. */
const SETTINGS: ReadonlySet<string> = new Set([
  ...["LOG_LEVEL", "SOCKET_PATH", "BIND_CONFIG", "DISABLE_IPV6", "TZ", "PUID", "PGID"],
]);

export const isProxyVariable = (name: string): boolean =>
  SECTIONS.has(name) || ACTIONS.has(name) || LINUXSERVERS.has(name) || name === "POST";

/** Whether a path belongs to a section: `/build` opens `/build/prune` too, and `/version` not `/volumes`. */
const opens = (section: string, path: string): boolean => path.startsWith(section);

type Image = "linuxserver" | "tecnativa" | "unknown";

/** @param text with the image's name, if it says one; a variable that only LinuxServer's has tells, too */
function imageIn(text: string, variables: ReadonlyMap<string, string>): Image {
  const [known] = /linuxserver|tecnativa/i.exec(text) ?? [];
  if (known !== undefined) return known.toLowerCase() as Image;
  return [...variables.keys()].some((name) => LINUXSERVERS.has(name)) ? "linuxserver" : "unknown";
}

class Reading {
  readonly permitted = new Set<string>();
  readonly notes: Note[] = [];
  readonly #variables: ReadonlyMap<string, string>;

  constructor(variables: ReadonlyMap<string, string>) {
    this.#variables = variables;
  }

  note(about: string, text: string): void {
    this.notes.push({ about, text });
  }

  isOn(name: string): boolean {
    const value = this.#variables.get(name);
    if (value === undefined) return ON.has(name);
    if (value !== "" && value !== "0" && value !== "1")
      this.note(`${name}=${quoteForeign(value)}`, "only 0 and 1 are understood; it is read as 0");
    return value === "1";
  }

  sections(mayWrite: boolean): void {
    for (const [variable, section] of SECTIONS)
      if (this.isOn(variable))
        for (const { name, method, path } of operations)
          if (opens(section, path) && (mayWrite || method === "GET" || method === "HEAD"))
            this.permitted.add(name);
  }

  actions(all: Iterable<readonly [string, readonly string[]]>, isOpen: boolean): void {
    for (const [variable, names] of all) {
      if (!this.isOn(variable)) continue;
      if (isOpen) for (const name of names) this.permitted.add(name);
      else
        this.note(
          `${variable}=1`,
          "Tecnativa's proxy refuses it without POST=1, so it is left out. LinuxServer's permits it: import the compose file, which names the image",
        );
    }
  }

  keepBack(): void {
    for (const [variable, names] of KEPT_BACK) {
      if (this.isOn(variable)) continue;
      const open = names.filter((name) => this.permitted.delete(name));
      if (open.length > 0)
        this.note(open.join(", "), `LinuxServer's proxy refuses it without ${variable}=1; left out`);
    }
  }
}

/** @param named a text with the image's name, if it says one. In LinuxServer's, `ALLOW_…` works without `POST=1` */
export function readDockerSocketProxy(variables: ReadonlyMap<string, string>, named: string): Permissions {
  const reading = new Reading(variables);
  const image = imageIn(named, variables);
  const isTheirs = image === "linuxserver";
  const mayWrite = reading.isOn("POST");
  reading.sections(mayWrite);
  reading.actions([...ACTIONS, ...(isTheirs ? MORE_ACTIONS : [])], mayWrite || isTheirs);
  if (isTheirs) reading.keepBack();
  else if (image === "unknown" && reading.isOn("CONTAINERS"))
    reading.note(
      "the image is not named",
      "it is read as Tecnativa's. LinuxServer's refuses logs and more without ALLOW_LOGS=1: import the compose file, which names the image",
    );
  for (const name of variables.keys())
    if (
      !(isProxyVariable(name) && (isTheirs || !LINUXSERVERS.has(name))) &&
      !SETTINGS.has(name) &&
      !["", "0"].includes(variables.get(name) ?? "")
    )
      reading.note(quoteForeign(name), "not a variable of this proxy that is known here; it is left out");
  return { operations: reading.permitted, whose: "anybody's", limits: {}, notes: reading.notes };
}

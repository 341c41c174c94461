/**
 * dockerd's settings from its flags and daemon.json: those that it runs with, and those that it would start with now.
 */
import { json } from "../../base/index.ts";
import type { HostFacts } from "../host-facts.ts";
import { readDaemonFlags, usesTls } from "./daemon-flags.ts";
import { jsonHosts, jsonTls, readDaemonJson } from "./daemon-json.ts";

/** The settings for the API from one source, or from both. */
export interface DaemonSettings {
  readonly hosts: readonly string[];
  /** `tls`, `tlsverify`, `tlscacert`, `tlscert`, `tlskey` → value. */
  readonly tls: ReadonlyMap<string, string>;
  readonly authorizationPlugins: readonly string[];
}

/** Facts about a host, and the current command line of its unit. */
interface Known {
  readonly facts: Pick<HostFacts, "commandLine" | "daemonJson">;
  readonly unitCommandLine: readonly string[];
}

const PLUGIN_FLAG = /^--authorization-plugin(?:=(.*))?$/s;
/** Where dockerd looks for TLS files that no setting names, unless DOCKER_CERT_PATH is set. */
const DEFAULT_FOLDER = "/root/.docker";

function strings(value: unknown): string[] {
  return Array.isArray(value) ? value.map(json.textOf) : [];
}

function fromJson(daemonJson: HostFacts["daemonJson"]): DaemonSettings {
  const read = readDaemonJson(daemonJson);
  const given = read.ok ? read.value : {};
  return {
    hosts: jsonHosts(given) ?? [],
    tls: jsonTls(given),
    authorizationPlugins: strings(given["authorization-plugins"]),
  };
}

/** Reads a command line, program first. */
export function fromCommandLine(words: readonly string[]): DaemonSettings {
  const { hosts, tls, rest } = readDaemonFlags(words.map((value) => ({ raw: value, value })));
  const plugins = rest.flatMap(({ value }, at) => {
    const match = PLUGIN_FLAG.exec(value);
    return match ? [match[1] ?? rest[at + 1]?.value ?? ""] : [];
  });
  return { hosts, tls, authorizationPlugins: plugins };
}

function together(flags: DaemonSettings, file: DaemonSettings): DaemonSettings {
  return {
    hosts: [...flags.hosts, ...file.hosts],
    tls: new Map([...file.tls, ...flags.tls]),
    authorizationPlugins: [...flags.authorizationPlugins, ...file.authorizationPlugins],
  };
}

/**
 * Settings of the running daemon. daemon.json is read as it is now, because nothing records what it was at the start.
 */
export function runningSettings({ facts }: Pick<Known, "facts">): DaemonSettings {
  return together(fromCommandLine(facts.commandLine), fromJson(facts.daemonJson));
}

/** Settings that the daemon would have if it started now. */
export function nextSettings({ facts, unitCommandLine }: Known): DaemonSettings {
  return together(fromCommandLine(unitCommandLine), fromJson(facts.daemonJson));
}

/** Settings that are in both the flags and daemon.json: with any of these, dockerd refuses to start (moby#25471). */
export function settingsInBothPlaces(facts: Known["facts"], unitCommandLine: readonly string[]): string[] {
  const flags = fromCommandLine(unitCommandLine);
  const file = fromJson(facts.daemonJson);
  const both = [...file.tls.keys()].filter((key) => flags.tls.has(key));
  return file.hosts.length > 0 && flags.hosts.length > 0 ? ["hosts", ...both] : both;
}

/** Paths of key, certificate and CA, with dockerd's defaults for missing ones; null if TLS is off and no key is set. */
export function tlsFiles({ tls }: DaemonSettings): Record<"key" | "server" | "ca", string> | null {
  if (!usesTls(tls) && !tls.has("tlskey")) return null;
  return {
    key: tls.get("tlskey") ?? `${DEFAULT_FOLDER}/key.pem`,
    server: tls.get("tlscert") ?? `${DEFAULT_FOLDER}/cert.pem`,
    ca: tls.get("tlscacert") ?? `${DEFAULT_FOLDER}/ca.pem`,
  };
}

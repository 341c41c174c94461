/** /etc/docker/daemon.json: what in it concerns the API's sockets, and the same file with that changed. */
import { json, TetherdockError } from "../../base/index.ts";
import type { HostFacts } from "../../facts/index.ts";

const { parse, textOf } = json;

const TLS_KEYS = ["tls", "tlsverify", "tlscacert", "tlscert", "tlskey"] as const;

/** The parsed file; `{}` when there is none. */
export type DaemonJson = Readonly<Record<string, unknown>>;

function lineOf(text: string, message: string): string {
  const position = /position (\d+)/.exec(message)?.[1];
  if (position === undefined) return message;
  const before = text.slice(0, Number(position)).split("\n");
  return `line ${before.length}, column ${(before.at(-1)?.length ?? 0) + 1}: ${message}`;
}

/**
 * @throws DAEMON_JSON_BROKEN with the place: dockerd would not start with it either
 */
export function readDaemonJson({ path, file }: HostFacts["daemonJson"]): DaemonJson {
  if (!file || file.text.trim() === "") return {};
  const broken = (why: string) =>
    new TetherdockError("DAEMON_JSON_BROKEN", `${path} on the host is not valid JSON`, {
      why: [why, "docker runs with what it read before; it would not start again with this file"],
      hints: [`dockerd --validate --config-file ${path}`, `correct ${path} on the host, then run this again`],
    });
  let value: unknown;
  try {
    value = parse(file.text);
  } catch (error) {
    throw broken(lineOf(file.text, (error as Error).message));
  }
  if (value === null || typeof value !== "object" || Array.isArray(value))
    throw broken("it is not an object");
  return value as DaemonJson;
}

/** The `hosts` of the file, or null when it has none. */
export function jsonHosts(json: DaemonJson): string[] | null {
  const hosts = json["hosts"];
  return Array.isArray(hosts) ? hosts.map(textOf) : null;
}

/** The TLS settings of the file as flags: name → value. */
export function jsonTls(json: DaemonJson): Map<string, string> {
  return new Map(TLS_KEYS.filter((key) => key in json).map((key) => [key, textOf(json[key])]));
}

function indentOf(text: string): string {
  return /^([ \t]+)"/m.exec(text)?.[1] ?? "  ";
}

/**
 * The file's text with `hosts` and the TLS keys replaced, everything else as it was.
 * @param settings what to put in their place; null to take them out
 */
export function rewriteDaemonJson(text: string, json: DaemonJson, settings: DaemonJson | null): string {
  const own = new Set<string>(["hosts", ...TLS_KEYS]);
  const kept = Object.entries(json).filter(([key]) => !own.has(key));
  const next = Object.fromEntries([...kept, ...Object.entries(settings ?? {})]);
  const same = JSON.stringify(sorted(next)) === JSON.stringify(sorted(json));
  return same ? text : `${JSON.stringify(next, null, indentOf(text))}\n`;
}

function sorted(value: DaemonJson): [string, unknown][] {
  return Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1));
}

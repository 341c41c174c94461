/** /etc/docker/daemon.json with the settings of the API's sockets changed, and the rest unchanged. */
import { quoteForeign, shellJoin, TetherdockError, visible } from "../../../base/index.ts";
import { API_KEYS, type DaemonJson, type HostFacts, readDaemonJson } from "../../../facts/index.ts";

/**
 * @throws DAEMON_JSON_BROKEN with the place: dockerd would not start with it either
 */
export function requireDaemonJson(daemonJson: HostFacts["daemonJson"]): DaemonJson {
  const read = readDaemonJson(daemonJson);
  if (read.ok) return read.value;
  const { path, validated } = daemonJson;
  throw new TetherdockError("DAEMON_JSON_BROKEN", `${quoteForeign(path)} on the host is not valid JSON`, {
    why: [
      read.why,
      "docker runs with the settings it read at startup; it would not start again with this file",
    ],
    hints: [
      ...(validated === null
        ? []
        : [`${shellJoin(["dockerd", "--validate", "--config-file", visible(path)])}   # on the host`]),
      `correct ${quoteForeign(path)} on the host, then run this again`,
    ],
  });
}

function indentOf(text: string): string {
  return /^([ \t]+)"/m.exec(text)?.[1] ?? "  ";
}

/**
 * The file's text with `hosts` and the TLS keys replaced, everything else unchanged.
 * @param settings the new values; null to remove them
 */
export function rewriteDaemonJson(text: string, json: DaemonJson, settings: DaemonJson | null): string {
  const own = new Set(API_KEYS);
  const kept = Object.entries(json).filter(([key]) => !own.has(key));
  const next = Object.fromEntries([...kept, ...Object.entries(settings ?? {})]);
  const same = JSON.stringify(sorted(next)) === JSON.stringify(sorted(json));
  return same ? text : `${JSON.stringify(next, null, indentOf(text))}\n`;
}

function sorted(value: DaemonJson): [string, unknown][] {
  return Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1));
}

/** Reads daemon.json like dockerd; plans and the doctor share this code. */
import { json } from "../../base/index.ts";
import type { HostFacts } from "../host-facts.ts";

/** The parsed file; `{}` if it does not exist. */
export type DaemonJson = Readonly<Record<string, unknown>>;

/** The file, or why dockerd cannot read it. */
export type DaemonJsonRead =
  | { readonly ok: true; readonly value: DaemonJson }
  | { readonly ok: false; readonly why: string };

const TLS_KEYS = ["tls", "tlsverify", "tlscacert", "tlscert", "tlskey"] as const;
const BYTE_ORDER_MARK = "\uFEFF";
/** What `dockerd --validate` prints for a valid file. */
const GOOD = /^configuration OK$/m;

function lineOf(text: string, message: string): string {
  const position = /position (\d+)/.exec(message)?.[1];
  if (position === undefined) return message;
  const before = text.slice(0, Number(position)).split("\n");
  return `line ${before.length}, column ${(before.at(-1)?.length ?? 0) + 1}: ${message}`;
}

/**
 * A missing or empty file has no settings. Whether a byte order mark is allowed depends on dockerd's version, so its
 * own validation decides.
 */
export function readDaemonJson({ file, validated }: HostFacts["daemonJson"]): DaemonJsonRead {
  if (!file || file.text.trim() === "") return { ok: true, value: {} };
  const marked = file.text.startsWith(BYTE_ORDER_MARK);
  if (marked && !(validated !== null && GOOD.test(validated)))
    return { ok: false, why: "it begins with a byte order mark, which this dockerd does not read" };
  const text = marked ? file.text.slice(BYTE_ORDER_MARK.length) : file.text;
  try {
    const value: unknown = json.parse(text);
    if (value !== null && typeof value === "object" && !Array.isArray(value))
      return { ok: true, value: value as DaemonJson };
    return { ok: false, why: "it is not an object" };
  } catch (error) {
    return { ok: false, why: lineOf(text, (error as Error).message) };
  }
}

/** The `hosts` in the file, or null if it has none. */
export function jsonHosts(given: DaemonJson): string[] | null {
  const hosts = given["hosts"];
  return Array.isArray(hosts) ? hosts.map(json.textOf) : null;
}

/** The TLS settings in the file, as flags: name → value. */
export function jsonTls(given: DaemonJson): Map<string, string> {
  return new Map(TLS_KEYS.filter((key) => key in given).map((key) => [key, json.textOf(given[key])]));
}

/** The keys that concern the API's sockets. */
export const API_KEYS: readonly string[] = ["hosts", ...TLS_KEYS];

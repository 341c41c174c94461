/**
 * One named connection from here to one host's engine, as `line.json` keeps it. It is read by hand, without a schema
 * library: `tetherdock env` runs at every shell start, and loading zod alone takes longer than the whole command may
 * take (bench/env-startup.ts).
 */
import { json, TetherdockError } from "../base/index.ts";
import { makeEndpoint } from "../engine/index.ts";
import { isLineHost, type LineHost, UNRECORDED_HOST } from "./line-host.ts";
import { isLineName } from "./line-name.ts";
import { requireNotNewer } from "./newer-state.ts";

/** How a line is served. */
export type LineMode = "native" | "gateway";

/** The content of `line.json`. It contains no secrets. */
export interface Line {
  readonly version: 2;
  /** 16 random hex digits: a second line of the same name has a different id. */
  readonly id: string;
  readonly name: string;
  /** Who listens: dockerd itself, or our gateway in front of its local socket. */
  readonly mode: LineMode;
  /** DNS name or IP address that clients connect to; IPv6 without brackets. */
  readonly address: string;
  readonly port: number;
  /** The ssh destination as the user gave it; null for this machine itself. */
  readonly target: string | null;
  /**
   * Names and addresses that the user added (`--san`), including the address itself if the user chose it (`--address`).
   */
  readonly sans: readonly string[];
  /** Every DNS name and IP address in the server's certificate: the user's names, never the host's claims. */
  readonly addresses: readonly string[];
  /** What this laptop observed about the line's host: see docs/adr/0012-who-a-host-is.md. */
  readonly host: LineHost;
  /** ISO 8601, UTC. */
  readonly createdAt: string;
  /** Present in a line that this machine joined or imported: others set it up and have its CA key and the way by ssh. */
  readonly joined?: true;
  /** Present in a line that `ci-login` made: nothing renews its certificate but another token. */
  readonly job?: true;
}

/** The way to a line's host by ssh: a destination; null: it is this machine; undefined: none is known. */
export function wayTo({ joined, target }: Line): string | null | undefined {
  return joined ? undefined : target;
}

type Check = (value: unknown) => boolean;

const isString = (value: unknown): value is string => typeof value === "string";

/** Checks only the form; the probe shows whether a name resolves. */
function isAddress(value: unknown): boolean {
  if (!isString(value)) return false;
  try {
    makeEndpoint(value, 1);
    return true;
  } catch {
    return false;
  }
}

function isPort(value: unknown): boolean {
  return Number.isInteger(value) && (value as number) > 0 && (value as number) < 65_536;
}

const isInstant: Check = (value) =>
  isString(value) && /^\d{4}-\d\d-\d\dT[\d:.]+Z$/.test(value) && !Number.isNaN(Date.parse(value));

const FIELDS: Readonly<Record<keyof Required<Line>, readonly [Check, string]>> = {
  version: [(value) => value === 2, "must be 1 or 2"],
  id: [(value) => isString(value) && /^[0-9a-f]{16}$/.test(value), "must be 16 hex digits"],
  name: [(value) => isString(value) && isLineName(value), "must be the name of a line"],
  mode: [(value) => value === "native" || value === "gateway", 'must be "native" or "gateway"'],
  address: [isAddress, "must be a DNS name or an IP address without brackets"],
  port: [isPort, "must be a whole number from 1 to 65535"],
  target: [
    (value) => value === null || (isString(value) && value !== ""),
    "must be an ssh destination or null",
  ],
  sans: [
    (value) => Array.isArray(value) && value.every(isAddress),
    "must be a list of DNS names and IP addresses",
  ],
  addresses: [
    (value) => Array.isArray(value) && value.every(isAddress),
    "must be a list of DNS names and IP addresses",
  ],
  host: [isLineHost, "must be an object that describes the host"],
  createdAt: [isInstant, "must be a time such as 2026-01-31T08:00:00.000Z"],
  joined: [(value) => value === true, "must be true"],
  job: [(value) => value === true, "must be true"],
};

const OPTIONAL: ReadonlySet<string> = new Set(["joined", "job"]);

function problemsOf(value: unknown): string[] {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return ["it is not a JSON object"];
  const given = value as Record<string, unknown>;
  const unknown = Object.keys(given).filter((key) => !Object.hasOwn(FIELDS, key));
  const wrong = Object.entries(FIELDS).filter(([key, [holds]]) =>
    Object.hasOwn(given, key) ? !holds(given[key]) : !OPTIONAL.has(key),
  );
  return [
    ...wrong.map(([key, [, rule]]) =>
      Object.hasOwn(given, key) ? `"${key}" ${rule}` : `"${key}" is missing`,
    ),
    ...unknown.map((key) => `"${key}" is not known to this version of tetherdock`),
  ];
}

function broken(file: string, why: readonly string[], cause?: unknown): TetherdockError {
  return new TetherdockError("LINE_BROKEN", `cannot read the line in ${file}`, {
    why,
    hints: [`fix ${file}, or move its folder away and set the line up again`],
    cause,
  });
}

const VERSION = 2;

function versionOf(value: unknown): unknown {
  return typeof value === "object" && value !== null ? (value as { version?: unknown }).version : undefined;
}

/** Whether the text is of an earlier version, which is kept when it is replaced. */
export function isEarlierLine(text: string): boolean {
  try {
    return versionOf(json.parse(text)) === 1;
  } catch {
    return false;
  }
}

/** Version 1 did not record the host, so the user is asked once. */
function migrated(value: unknown): unknown {
  if (typeof value !== "object" || value === null || versionOf(value) !== 1) return value;
  return { ...value, version: VERSION, host: UNRECORDED_HOST };
}

/**
 * Reads a `line.json`, of this version or the one before.
 * @param text the file's content
 * @param file its path, for the message
 * @returns the line
 * @throws LINE_BROKEN, STATE_NEWER
 */
export function parseLine(text: string, file: string): Line {
  let value: unknown;
  try {
    value = json.parse(text);
  } catch (cause) {
    throw broken(file, [(cause as Error).message], cause);
  }
  requireNotNewer(text, VERSION, file);
  const current = migrated(value);
  const problems = problemsOf(current);
  if (problems.length > 0) throw broken(file, problems);
  return current as Line;
}

/** Writes a `line.json`. */
export function formatLine(line: Line): string {
  return `${JSON.stringify(line, null, 2)}\n`;
}

/** Reads the body of `GET /version`. */
import { json } from "../base/index.ts";
import type { Observation, TlsFacts } from "./probe/observation.ts";

/** An engine's description of itself. */
export interface EngineVersion {
  readonly version: string;
  readonly apiVersion: string;
  /** Absent before Docker 1.13 (API 1.25). */
  readonly minApiVersion?: string;
  readonly os?: string;
  readonly arch?: string;
}

/** The engine and its certificate, or the observation instead. */
export type EngineVersionResult =
  | { readonly ok: true; readonly engine: EngineVersion; readonly tls?: TlsFacts }
  | { readonly ok: false; readonly seen: Observation };

// Distributions extend versions (20.10.24+dfsg1, 28.0.0~rc.1-1ubuntu2), but never with spaces or control characters.
const WORD = /^[\w.+~:-]{1,64}$/;
const API = /^[0-9]{1,3}\.[0-9]{1,4}$/;

function field(record: Record<string, unknown>, key: string, form: RegExp): string | undefined {
  const value = record[key];
  return typeof value === "string" && form.test(value) ? value : undefined;
}

function parseObject(text: string): Record<string, unknown> | undefined {
  try {
    const value = json.parse(text);
    return typeof value === "object" && value !== null ? (value as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
}

/**
 * Reads a /version answer. Refuses anything that no engine would send, so that a peer cannot send control characters to
 * our terminal.
 * @returns undefined when this is not an engine's answer
 * @see Docker Engine API, SystemVersion
 */
export function parseEngineVersion(body: string): EngineVersion | undefined {
  const record = parseObject(body);
  if (!record) return undefined;
  const version = field(record, "Version", WORD);
  const apiVersion = field(record, "ApiVersion", API);
  if (version === undefined || apiVersion === undefined) return undefined;
  const minApiVersion = field(record, "MinAPIVersion", API);
  const os = field(record, "Os", WORD);
  const arch = field(record, "Arch", WORD);
  return {
    version,
    apiVersion,
    ...(minApiVersion !== undefined && { minApiVersion }),
    ...(os !== undefined && { os }),
    ...(arch !== undefined && { arch }),
  };
}

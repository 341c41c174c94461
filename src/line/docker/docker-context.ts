/**
 * A line as a context of the docker CLI, in the CLI's own format (docker/cli, cli/context/store: `meta.json`, and a TLS
 * bundle for each endpoint).
 */

import { json } from "../../base/index.ts";
import { dockerHost } from "../../engine/index.ts";
import type { Line } from "../line.ts";
import { lineEndpoint } from "./docker-environment.ts";

/** The metadata key that marks a context as ours; its value is the line's id. */
const CONTEXT_MARK = "io.tetherdock.line";

/** The files of a TLS bundle, with the names that the docker CLI expects. */
export const TLS_FILES = ["ca.pem", "cert.pem", "key.pem"] as const;

/** The contents of a TLS bundle. `key.pem` is a private key. */
export type TlsFiles = Readonly<Record<(typeof TLS_FILES)[number], string>>;

/** The parts of a context that we read. */
export interface ContextMeta {
  readonly name: string;
  /** The id of the line it was made from; undefined: somebody else's context. */
  readonly lineId: string | undefined;
  /** Its endpoint, if it has one. */
  readonly host: string | undefined;
}

/** @param host the endpoint: the line's, or its agent's socket */
export function formatContextMeta(name: string, line: Line, host = lineHost(line)): string {
  return JSON.stringify({
    Name: name,
    Metadata: { Description: `tetherdock line ${line.name}`, [CONTEXT_MARK]: line.id },
    Endpoints: { docker: { Host: host, SkipTLSVerify: false } },
  });
}

/** The endpoint of a context that connects to the line's host itself. */
export function lineHost(line: Line): string {
  return dockerHost(lineEndpoint(line));
}

/** Whether a context of ours connects to an agent, and so has no copy of the key. */
export function usesAgent({ host }: ContextMeta): boolean {
  return host?.startsWith("unix:") === true;
}

function field(value: unknown, key: string): unknown {
  return typeof value === "object" && value !== null && Object.hasOwn(value, key)
    ? (value as Record<string, unknown>)[key]
    : undefined;
}

/**
 * Reads any `meta.json`.
 * @returns the parts that we need; undefined if the docker CLI would not read it as a context either
 */
export function parseContextMeta(text: string): ContextMeta | undefined {
  let value: unknown;
  try {
    value = json.parse(text);
  } catch {
    return undefined;
  }
  const name = field(value, "Name");
  if (typeof name !== "string") return undefined;
  const lineId = field(field(value, "Metadata"), CONTEXT_MARK);
  const host = field(field(field(value, "Endpoints"), "docker"), "Host");
  return {
    name,
    lineId: typeof lineId === "string" ? lineId : undefined,
    host: typeof host === "string" ? host : undefined,
  };
}

/** What a context holds besides its name and mark. */
export interface ContextContent {
  readonly host: string;
  /** null: none; the agent has the key. */
  readonly files: TlsFiles | null;
}

/** @param copy what the context has @param now what it would have if it were made now */
export function isStaleContext(meta: ContextMeta, copy: Partial<TlsFiles>, now: ContextContent): boolean {
  return meta.host !== now.host || TLS_FILES.some((file) => copy[file] !== now.files?.[file]);
}

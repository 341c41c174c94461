/** Reads `gateway.json` and reports every problem at once. If there are any, the gateway does not start. */
import { json, shellJoin, TetherdockError } from "../../base/index.ts";
import { readRoleName } from "../../identity/index.ts";
import { defaultRole, ROLE_NAMES, ROLES, type RoleDefinition } from "../../policy/index.ts";
import { DEFAULT_LIMITS, LEAST_LIMITS, type Limits } from "../admission/limits.ts";
import {
  type AuditSettings,
  DEFAULT_AUDIT,
  type FleetSettings,
  type GatewayConfig,
  HIGHEST_DURATION_MS,
  HIGHEST_KEEP,
  HIGHEST_LIMIT,
  HIGHEST_ROTATE_BYTES,
  HIGHEST_SYNC_MS,
  type TlsFiles,
} from "./config.ts";
import { readListen, readMetrics, readUpstream } from "./parse-listen.ts";

const path = json.matching(/^\/[^\0]*$/, "an absolute path");
const DEFAULT_SOCKET = "/run/docker.sock";

const limitFields = Object.fromEntries(
  Object.entries(DEFAULT_LIMITS).map(([key, value]) => [
    key,
    { read: json.count(key.endsWith("Ms") ? HIGHEST_DURATION_MS : HIGHEST_LIMIT), optional: { value } },
  ]),
) as unknown as json.Fields<Limits>;

const readTls = json.object<TlsFiles>({
  ca: { read: path },
  certificate: { read: path },
  key: { read: path },
  minVersion: { read: json.oneOf("TLSv1.2", "TLSv1.3"), optional: { value: "TLSv1.2" } },
});

const readAudit = json.object<AuditSettings>({
  directory: { read: path },
  rotateBytes: { read: json.count(HIGHEST_ROTATE_BYTES), optional: { value: DEFAULT_AUDIT.rotateBytes } },
  keep: { read: json.count(HIGHEST_KEEP), optional: { value: DEFAULT_AUDIT.keep } },
  syncMs: { read: json.count(HIGHEST_SYNC_MS), optional: { value: DEFAULT_AUDIT.syncMs } },
  whenUnwritable: { read: json.oneOf("refuse", "go-on"), optional: { value: DEFAULT_AUDIT.whenUnwritable } },
});

const STRICT: FleetSettings = { rolesAfterEnd: [] };
const readFleet = json.object<FleetSettings>({
  rolesAfterEnd: { read: json.list(readRoleName), optional: { value: STRICT.rolesAfterEnd } },
});

type RawRoles = Readonly<Record<string, object>>;

/** What the configuration may set for roles: the options of each role that has any. */
const roleFields: Record<string, json.Field<object>> = Object.fromEntries(
  ROLES.filter(({ options }) => Object.keys(options).length > 0).map(({ name, options }) => [
    name,
    { read: json.object<object>(options), optional: { value: defaultRole(name).options } },
  ]),
);
const readRoles = json.object<RawRoles>(roleFields);
const NO_WORD: RawRoles = Object.fromEntries(ROLE_NAMES.map((name) => [name, defaultRole(name).options]));

interface RawConfig extends Omit<GatewayConfig, "roles"> {
  readonly version: number;
  readonly roles: RawRoles;
}

const readConfig: json.Read<RawConfig> = json.object<RawConfig>({
  version: { read: json.only(1) },
  listen: { read: json.list(readListen) },
  upstream: { read: readUpstream, optional: { value: DEFAULT_SOCKET } },
  tls: { read: json.orNull(readTls), optional: { value: null } },
  clients: { read: path },
  roles: { read: readRoles, optional: { value: NO_WORD } },
  issuingCa: { read: json.flag, optional: { value: true } },
  fleet: { read: readFleet, optional: { value: STRICT } },
  audit: { read: readAudit },
  metrics: { read: json.orNull(readMetrics), optional: { value: null } },
  limits: { read: json.object<Limits>(limitFields), optional: { value: DEFAULT_LIMITS } },
});

function tooLow(limits: Limits): string[] {
  const least = Object.entries(LEAST_LIMITS) as [keyof Limits, number][];
  return least
    .filter(([key, value]) => limits[key] < value)
    .map(([key, value]) => `limits.${key} must be ${value} or more`);
}

function contradictions({ listen, tls, audit, limits }: RawConfig): string[] {
  const byTcp = listen.some(({ kind }) => kind === "tcp");
  return [
    ...(listen.length === 0 ? ["listen must have an entry"] : []),
    ...(audit.keep < 2 ? ["audit.keep must be 2 or more"] : []),
    ...tooLow(limits),
    ...(byTcp && tls === null ? ["tls is missing: TCP is served with TLS only"] : []),
  ];
}

function definitions(roles: RawRoles): RoleDefinition[] {
  return ROLE_NAMES.map((name) => ({ name, options: roles[name] ?? {} }) as RoleDefinition);
}

/**
 * Reads a gateway.json.
 * @param source the file's text
 * @param file its path, for the message
 * @throws GATEWAY_CONFIG_BROKEN with every problem
 */
export function parseGatewayConfig(source: string, file: string): GatewayConfig {
  const read = json.read(source, readConfig);
  const problems = "problems" in read ? read.problems : contradictions(read.value);
  if ("value" in read && problems.length === 0) {
    const { version: _, roles, ...rest } = read.value;
    return { ...rest, roles: definitions(roles) };
  }
  throw new TetherdockError("GATEWAY_CONFIG_BROKEN", `cannot read the gateway's configuration ${file}`, {
    why: problems,
    hints: [shellJoin(["tetherdock", "gateway", "check", "--config", file])],
  });
}

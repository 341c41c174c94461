/** Everything the gateway reads from files, so that it can be read again while it runs. */
import { stat } from "node:fs/promises";
import type { Clock } from "../../base/index.ts";
import {
  type GatewayConfig,
  parseGatewayConfig,
  type RoleStore,
  type TlsFiles,
} from "../../gateway/index.ts";
import type { ClientStore, KeptClients } from "../../identity/index.ts";
import { readText } from "../files/file-error.ts";
import { clientFile } from "../identity/client-file.ts";
import { requireOwnDirectory } from "../identity/require-own-directory.ts";
import { readFleetCa } from "./fleet/fleet-file.ts";
import { issuingCaPath, readIssuingCa } from "./joining/issuing-ca.ts";
import { withSuccessor } from "./listen/server-certificate.ts";
import { readTlsMaterial, type TlsOptions, tlsOptions } from "./listen/tls-context.ts";
import { roleStore } from "./role-store.ts";

/** Settings that were read and checked together. */
export interface Settings {
  readonly config: GatewayConfig;
  /** Stores the client list. */
  readonly store: ClientStore;
  readonly clients: KeptClients;
  /** Roles of the operator's own, beside the client list. */
  readonly roles: RoleStore;
  readonly tls: TlsOptions | null;
}

/** @throws FILE_FAILED, GATEWAY_CONFIG_BROKEN */
export async function readConfig(path: string): Promise<GatewayConfig> {
  return parseGatewayConfig(await readText(path), path);
}

/** @throws FILE_FAILED, GATEWAY_TLS_UNUSABLE */
export async function readTls({ tls, clients, issuingCa }: GatewayConfig): Promise<TlsOptions | null> {
  if (tls === null) return null;
  const material = await withSuccessor(await readTlsMaterial(tls), clients);
  const issuing = issuingCa ? await readIssuingCa(issuingCaPath(clients), material.ca) : null;
  // The fleet's clients stay out if its file cannot be read: the gateway says so when it loads it.
  const fleet = await readFleetCa(clients).catch(() => null);
  return tlsOptions(material, tls, [issuing?.certificate ?? null, fleet]);
}

/** Root reads the settings of a service that runs as another user, and writes nothing. */
export interface OnlyRead {
  /** Files that systemd gives the service while it runs → where it takes them from. */
  readonly credentials: ReadonlyMap<string, string>;
}

/** @returns the same files; the key from where systemd takes it, while the service does not run */
async function withoutService(tls: TlsFiles | null, { credentials }: OnlyRead): Promise<TlsFiles | null> {
  const source = tls === null ? undefined : credentials.get(tls.key);
  if (tls === null || source === undefined) return tls;
  const isThere = await stat(tls.key).then(
    () => true,
    () => false,
  );
  return isThere ? tls : { ...tls, key: source };
}

/**
 * Reads all settings.
 * @param path of gateway.json
 * @param onlyRead undefined: by the process that goes by them
 * @throws FILE_FAILED, GATEWAY_CONFIG_BROKEN, GATEWAY_CLIENTS_BROKEN, GATEWAY_TLS_UNUSABLE
 */
export async function readSettings(path: string, clock: Clock, onlyRead?: OnlyRead): Promise<Settings> {
  const config = await readConfig(path);
  const uid = process.getuid?.();
  await requireOwnDirectory(config.clients, onlyRead ? { uid, auditLog: config.audit.directory } : { uid });
  const files = onlyRead ? { ...config, tls: await withoutService(config.tls, onlyRead) } : config;
  const store = clientFile(config.clients, clock);
  const [clients, tls] = await Promise.all([store.read(), readTls(files)]);
  return { config, store, clients, roles: roleStore(config.clients), tls };
}

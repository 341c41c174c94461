/** Asks an engine for its version. */
import {
  type Credential,
  type Endpoint,
  type EngineVersionResult,
  parseEngineVersion,
} from "../../engine/index.ts";
import { connectAndAsk } from "./probe-connection.ts";

// A 29.x daemon with all its components sends about 2 KiB.
const MAX_BODY_BYTES = 32 * 1024;

/**
 * Asks `GET /version` on one new connection.
 * @param timeoutMs for all steps together
 * @param serverName the name the certificate must carry, when it is not the endpoint's host
 * @throws CREDENTIAL_UNUSABLE when the credential's PEM texts cannot be used; never because of network or peer
 * @see Docker Engine API, SystemVersion
 */
export async function engineVersion(
  endpoint: Endpoint,
  credential: Credential,
  timeoutMs: number,
  serverName = endpoint.host,
): Promise<EngineVersionResult> {
  const question = { path: "/version", maxBodyBytes: MAX_BODY_BYTES } as const;
  const seen = await connectAndAsk({ endpoint, serverName, credential, timeoutMs }, question);
  if (seen.kind !== "answered" || seen.answer.status !== 200) return { ok: false, seen };
  const engine = parseEngineVersion(seen.answer.body);
  if (!engine) return { ok: false, seen };
  return { ok: true, engine, ...(seen.tls && { tls: seen.tls }) };
}

/** The configuration for a fleet's NATS servers, which `fleet init` leaves beside the fleet's list. */
import { join } from "node:path";
import { type OperatedStore, readNatsSettings, serverConfig, serverPort } from "../../fleet/index.ts";
import { tetherdockHome } from "../../line/index.ts";
import { writeAtomically } from "../../system/files/atomic-file.ts";
import { serverTrust } from "../../system/fleet-store/nats/trust.ts";
import type { Context } from "../context.ts";

/** @returns the file's path @throws FILE_FAILED */
export async function writeNatsConfig(
  context: Context,
  fleet: string,
  store: OperatedStore,
): Promise<string> {
  const path = join(tetherdockHome(context), "fleets", fleet, "nats-server.conf");
  const trust = await serverTrust(readNatsSettings(store), fleet);
  const config = serverConfig(fleet, trust, undefined, serverPort(store.address));
  await writeAtomically(path, config, 0o600);
  return path;
}

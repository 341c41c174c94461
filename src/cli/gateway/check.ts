/** `tetherdock gateway check`: checks whether a gateway would start with these files. Opens nothing. */
import { counted } from "../../base/index.ts";
import { GATEWAY_KEY, SERVER_KEY } from "../../facts/index.ts";
import { parseOwnRoles } from "../../gateway/index.ts";
import { readSettings } from "../../system/gateway-process/settings.ts";
import type { Context } from "../context.ts";
import type { CheckFlags } from "./flags.ts";

/** @throws GATEWAY_ROLES_BROKEN, FILE_FAILED, GATEWAY_CONFIG_BROKEN, GATEWAY_CLIENTS_BROKEN, GATEWAY_TLS_UNUSABLE */
export async function gatewayCheck(this: Context, { config, json }: CheckFlags): Promise<void> {
  const {
    clients: kept,
    config: read,
    roles,
  } = await readSettings(config, this.clock, {
    credentials: new Map([[GATEWAY_KEY, SERVER_KEY]]),
  });
  parseOwnRoles(await roles.read(), roles.path);
  const { length: count } = kept.clients;
  if (json) this.stdout.json({ ok: true, clients: count, config: read });
  else
    this.stdout.line(
      `${config}: good; ${counted(read.listen.length, "listener")}, ${counted(count, "client")}`,
    );
}

/** `tetherdock gateway run`: the gateway itself, in the foreground, as systemd wants it. */
import { serveGateway } from "../../system/gateway-process/serve.ts";
import type { Context } from "../context.ts";
import { serviceSignals } from "../lines/service-signals.ts";
import { VERSION } from "../version.ts";
import type { RunFlags } from "./flags.ts";

export async function gatewayRun(this: Context, { config }: RunFlags): Promise<void> {
  const { ending, onHangup } = serviceSignals();
  await serveGateway({
    file: config,
    env: this.env,
    version: VERSION,
    signal: ending,
    onHangup,
    log: (line) => this.stderr.line(`${line}`),
  });
}

/** The real prober. */
import type { Prober } from "../../engine/index.ts";
import { connectAndAsk } from "./probe-connection.ts";

const MAX_BODY_BYTES = 4 * 1024;

/** Probes over the network, as the port describes. */
export const probe: Prober = (request) =>
  connectAndAsk(request, { path: "/_ping", maxBodyBytes: MAX_BODY_BYTES });

/** The gateway as a process: files, sockets, signals and systemd around src/gateway. */
import type { Socket } from "node:net";
import { inOneLine } from "../../base/index.ts";
import type { Gateway } from "../../gateway/index.ts";
import { inheritedFds, notify, watchdogMs } from "../service/systemd.ts";
import { watchFiles } from "../watch/watch-files.ts";
import { bindToKey, issuingCaPath } from "./joining/issuing-ca.ts";
import { openListeners } from "./listen/listeners.ts";
import { makeGateway, type ServeOptions } from "./make-gateway.ts";
import { serveMetrics } from "./metrics-server.ts";
import { readSettings, type Settings } from "./settings.ts";
import { WallClock } from "./wall-clock.ts";

const SWEEP_MS = 250;

/** What the gateway's own CA is bound to may be the line's former CA, or of an older form. */
async function bindIssuer(
  { config, tls }: Pick<Settings, "config" | "tls">,
  log: (line: string) => void,
): Promise<void> {
  if (tls === null) return;
  await bindToKey(issuingCaPath(config.clients), tls.caFile).catch((error) =>
    log(`the gateway's own CA: ${inOneLine(error)}`),
  );
}

function watched({ config: { tls } }: Pick<Settings, "config">, file: string): string[] {
  return [file, ...(tls === null ? [] : [tls.ca, tls.certificate, tls.key])];
}

function untilAborted(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.resolve();
  return new Promise((resolve) => signal.addEventListener("abort", () => resolve(), { once: true }));
}

/** Waits for running requests, but only for a limited time. */
async function drain(gateway: Gateway): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const deadline = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, gateway.limits.drainMs);
  });
  await Promise.race([gateway.drain(), deadline]);
  clearTimeout(timer);
  gateway.cutAll("shutdown");
}

/**
 * Runs a gateway until the signal is aborted, then lets running requests finish.
 * @throws FILE_FAILED, GATEWAY_CONFIG_BROKEN, GATEWAY_CLIENTS_BROKEN, GATEWAY_FLEET_BROKEN, GATEWAY_TLS_UNUSABLE, GATEWAY_LISTEN_FAILED,
 *   AUDIT_…
 */
export async function serveGateway(options: ServeOptions): Promise<void> {
  const { env, log } = options;
  const tell = (...words: string[]) => notify(env, process.pid, ...words);
  const clock = new WallClock();
  const settings = await readSettings(options.file, clock.now);
  await bindIssuer(settings, log);
  const { gateway, fleet, link, seen, tlsListener, audit, reloader } = await makeGateway(
    settings,
    options,
    clock.now,
  );
  const open: { close(): unknown }[] = [link];
  try {
    const inherited = inheritedFds(env, process.pid);
    const listening = { gateway, tlsListener, inherited, sockets: new Set<Socket>() };
    const servers = await openListeners(listening, settings.config.listen);
    open.push(...servers);
    if (settings.config.metrics) open.push(await serveMetrics(gateway, settings.config.metrics));
    const reload = async () => {
      await tell("RELOADING=1");
      const problems = await reloader.reload();
      for (const problem of problems) log(problem);
      await bindIssuer(reloader.settings, log);
      await tell("READY=1", `STATUS=${problems[0] ?? "ready"}`);
    };
    const unwatch = [
      watchFiles(
        () => watched(reloader.settings, options.file),
        () => void reload(),
      ),
      settings.store.watch(() => void reload()),
      settings.roles.watch(() => void reload()),
    ];
    options.onHangup(() => void reload());
    // takes over what changed during the start
    for (const problem of await reloader.reload()) log(problem);
    const sweep = setInterval(() => {
      clock.follow();
      gateway.sweep();
      fleet.sweep();
      seen.sweep(performance.now());
      tlsListener?.sweep();
    }, SWEEP_MS);
    const life = watchdogMs(env, process.pid);
    const watchdog = life === null ? undefined : setInterval(() => void tell("WATCHDOG=1"), life);
    gateway.note("gateway", null, "started", options.version);
    log(`ready: ${settings.config.listen.length} listeners, ${gateway.clients.length} clients`);
    await tell("READY=1", "STATUS=ready");
    await untilAborted(options.signal);
    await tell("STOPPING=1");
    log("ending: waiting for what runs");
    for (const server of servers) server.close();
    await drain(gateway);
    clearInterval(sweep);
    clearInterval(watchdog);
    for (const stop of unwatch) stop();
    gateway.audit.end(clock.now());
    gateway.note("gateway", null, "stopped", options.version);
  } finally {
    for (const one of open) one.close();
    tlsListener?.close();
    await seen.save();
    await audit.close();
  }
}

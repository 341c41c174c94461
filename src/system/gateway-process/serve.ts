/** The gateway as a process: files, sockets, signals and systemd around src/gateway. */
import type { Socket } from "node:net";
import { type Clock, inOneLine } from "../../base/index.ts";
import {
  createAdminApi,
  createJoiners,
  createRenewers,
  FleetInForce,
  type FleetParts,
  Gateway,
  type GatewayConfig,
  JobConnections,
  OwnRoles,
  StoreLink,
} from "../../gateway/index.ts";
import { ListInForce } from "../../identity/index.ts";
import { openAuditFile } from "../audit-log/file.ts";
import { inheritedFds, notify, watchdogMs } from "../service/systemd.ts";
import { watchFiles } from "../watch/watch-files.ts";
import { auditReader } from "./audit-reader.ts";
import { youngCollector } from "./collect-young.ts";
import { fleetFile } from "./fleet/fleet-file.ts";
import { linkPort } from "./fleet/link-port.ts";
import { bindToKey, issuingCaPath } from "./joining/issuing-ca.ts";
import { type Enrolling, type EnrolmentNeeds, makeEnrolment } from "./joining/make-enrolment.ts";
import { openListeners } from "./listen/listeners.ts";
import { createReadInto } from "./listen/read-into.ts";
import { serverCertificate } from "./listen/server-certificate.ts";
import { type ShortTalks, TlsListener } from "./listen/tls-listener.ts";
import { serveMetrics } from "./metrics-server.ts";
import { Reloader } from "./reload.ts";
import { SeenFile } from "./seen-file.ts";
import { readSettings, type Settings } from "./settings.ts";
import { connectUpstream } from "./upstream.ts";
import { WallClock } from "./wall-clock.ts";

/** How the process is run. */
export interface ServeOptions {
  /** Path of gateway.json. */
  readonly file: string;
  readonly env: NodeJS.ProcessEnv;
  readonly version: string;
  /** Aborted by SIGTERM and Ctrl-C. */
  readonly signal: AbortSignal;
  /** Registers a listener for SIGHUP. */
  readonly onHangup: (listener: () => void) => void;
  /** One line for the journal. */
  readonly log: (line: string) => void;
}

const SWEEP_MS = 250;
const SLOW_READS = `Node ${process.version} has no place for memory to read clients into: uploads cost a third more`;

/** A file that cannot be read lets nobody in; all others are served as usual. */
async function talksOf(
  { enrolment, renewals, exchange }: Enrolling,
  lineCa: () => string,
  log: ServeOptions["log"],
): Promise<ShortTalks> {
  const tell = (what: string) => (error: unknown) => log(`${what}: ${inOneLine(error)}`);
  const [joining, job] = [tell("joining by invitation"), tell("clients for CI jobs")];
  await Promise.all([enrolment.load().catch(joining), exchange.load().catch(job)]);
  return {
    joiners: createJoiners(enrolment, lineCa, joining),
    jobs: new JobConnections(exchange, lineCa, job),
    exchange,
    renewers: createRenewers(renewals, tell("renewing a certificate")),
  };
}

function openAudit({ config }: Settings, { log }: ServeOptions, clock: Clock) {
  const { directory, rotateBytes, keep, syncMs } = config.audit;
  const onFailure = (why: string | null) =>
    log(why === null ? "the audit log can be written again" : `the audit log cannot be written: ${why}`);
  return openAuditFile({ directory, rotateBytes, keep, syncMs, clock, onFailure });
}

function issuingNeeds(reloader: () => Reloader): Omit<EnrolmentNeeds, "gateway" | "clients" | "config"> {
  return {
    lineCa: () => reloader().settings.tls?.ca[0] ?? "",
    lineCas: () => reloader().settings.tls?.caFile ?? "",
    onMade: async () => void (await reloader().reload()),
    mayIssue: () => reloader().settings.config.issuingCa,
  };
}

/** Without it, the fleet's list comes from an admin only. */
const newLink = (parts: () => FleetParts, path: string, { env, log }: ServeOptions, clock: Clock) =>
  new StoreLink(linkPort(path, env), parts, clock, (why) => log(`the fleet's store: ${why}`));

const tellTaken =
  (gateway: Gateway, { log }: ServeOptions) =>
  (what: string) => {
    log(`in force: ${what}`);
    gateway.note("gateway", null, "reloaded", what);
  };
async function loadSeen(gateway: Gateway, { clients }: GatewayConfig, { log }: ServeOptions) {
  const seen = new SeenFile(gateway, clients, (error) =>
    log(`when clients were last seen: ${inOneLine(error)}`),
  );
  await seen.load();
  return seen;
}

function localClients({ listen }: GatewayConfig): ReadonlySet<string> {
  const names = listen.map((one) => (one.kind === "tcp" ? null : one.client));
  return new Set(names.filter((name) => name !== null));
}

const certificateOf = (reloader: () => Reloader, clock: Clock) =>
  serverCertificate(
    () => reloader().settings.config,
    clock,
    () => reloader().reload(),
  );

async function makeGateway(settings: Settings, options: ServeOptions, clock: Clock) {
  const { config, store } = settings;
  const { directory, whenUnwritable } = config.audit;
  const audit = await openAudit(settings, options, clock);
  let reloader: Reloader;
  const setRoles = () => gateway.setOwnRoles([...roles.all, ...fleet.roles(roles).inForce]);
  const setClients = () => gateway.setClients(fleet.members(clients.clients).clients);
  const fleet = new FleetInForce(fleetFile(config.clients), clock, config.fleet, async () => {
    setRoles();
    setClients();
    await reloader.reload();
    await link.follow();
  });
  // As without clients.revoked.json, the gateway would let in whom it has seen revoked: it does not start.
  await fleet.load();
  const clients = new ListInForce(store, settings.clients, (list) =>
    gateway.setClients(fleet.members(list).clients),
  );
  const link = newLink(() => ({ gateway, clients, fleet }), config.clients, options, clock);
  const roles = new OwnRoles(settings.roles, setRoles);
  const issuing = issuingNeeds(() => reloader);
  let enrolling: Enrolling | null = null;
  const gateway = new Gateway(
    {
      limits: config.limits,
      clock,
      audit,
      goOnWithoutAudit: whenUnwritable === "go-on",
      connect: connectUpstream(config.upstream),
      readInto: createReadInto(() => options.log(SLOW_READS)),
      released: youngCollector(),
      clients: fleet.members(clients.clients).clients,
      roles: config.roles,
    },
    `${Math.floor(clock() / 1000).toString(36)}.`,
    (self) => {
      if (settings.tls !== null) enrolling = makeEnrolment({ gateway: self, clients, config, ...issuing });
      return createAdminApi({
        ...{ gateway: self, clients, roles, fleet, link },
        enrolment: enrolling?.enrolment ?? null,
        exchange: enrolling?.exchange ?? null,
        renewals: enrolling?.renewals ?? null,
        localClients: localClients(config),
        audit: auditReader(directory),
        certificate: certificateOf(() => reloader, clock),
        reload: () => reloader.reload(),
        about: () => ({ version: options.version, problems: reloader.problems }),
      });
    },
  );
  await link.load();
  // The first reload reports what is wrong with them; until then their clients are refused.
  await roles.refresh().catch(() => undefined);
  const seen = await loadSeen(gateway, config, options);
  const tlsListener =
    settings.tls === null || enrolling === null
      ? null
      : new TlsListener(gateway, await talksOf(enrolling, issuing.lineCa, options.log), settings.tls);
  const onTaken = tellTaken(gateway, options);
  const setFleet = (ofFleet: GatewayConfig["fleet"]) => {
    fleet.settings = ofFleet;
    setClients();
  };
  const parts = { gateway, clients, roles, tlsListener, setFleet, file: options.file, onTaken };
  reloader = new Reloader(parts, settings);
  return { gateway, fleet, link, seen, tlsListener, audit, reloader };
}

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

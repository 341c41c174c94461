/** Makes a gateway with what it has on its machine: audit log, client list, roles, fleet, certificates. */
import { type Clock, inOneLine } from "../../base/index.ts";
import {
  type AnswerParts,
  createAdminApi,
  createJoiners,
  createRenewers,
  FleetInForce,
  Gateway,
  type GatewayConfig,
  JobConnections,
  OwnRoles,
  type ServerCertificate,
  StoreLink,
} from "../../gateway/index.ts";
import { ListInForce } from "../../identity/index.ts";
import { openAuditFile } from "../audit-log/file.ts";
import { auditReader } from "./audit-reader.ts";
import { youngCollector } from "./collect-young.ts";
import { engineVersion } from "./fleet/engine-version.ts";
import { fleetFile } from "./fleet/fleet-file.ts";
import { linkPort } from "./fleet/link-port.ts";
import { type Enrolling, type EnrolmentNeeds, makeEnrolment } from "./joining/make-enrolment.ts";
import { isGone } from "./listen/is-gone.ts";
import { createReadInto } from "./listen/read-into.ts";
import { serverCertificate } from "./listen/server-certificate.ts";
import { type ShortTalks, TlsListener } from "./listen/tls-listener.ts";
import { Reloader } from "./reload.ts";
import { SeenFile } from "./seen-file.ts";
import type { Settings } from "./settings.ts";
import { connectUpstream } from "./upstream.ts";

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
const newLink = (parts: () => AnswerParts, path: string, { env, log }: ServeOptions, clock: Clock) =>
  new StoreLink(linkPort(path, env), parts, clock, (why) => log(`the fleet's store: ${why}`));

const aboutHostOf =
  ({ version }: ServeOptions, { upstream }: GatewayConfig, certificate: ServerCertificate) =>
  async () => ({
    ...{ version, engine: await engineVersion(upstream) },
    certificate: await certificate.read(),
  });

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

/** @throws FILE_FAILED, GATEWAY_FLEET_BROKEN, AUDIT_… */
export async function makeGateway(settings: Settings, options: ServeOptions, clock: Clock) {
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
  const reader = auditReader(directory);
  const certificate = certificateOf(() => reloader, clock);
  const answers = { audit: reader, aboutHost: aboutHostOf(options, config, certificate) };
  const link = newLink(() => ({ gateway, clients, fleet, ...answers }), config.clients, options, clock);
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
      sockets: { readInto: createReadInto(() => options.log(SLOW_READS)), isGone },
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
        audit: reader,
        certificate,
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
  const loaded = { gateway, clients, roles, tlsListener, setFleet, file: options.file, onTaken };
  reloader = new Reloader(loaded, settings);
  return { gateway, fleet, link, seen, tlsListener, audit, reloader };
}

/** What the admin API works with. */
import type { ListInForce } from "../../identity/index.ts";
import type { FleetInForce } from "../fleet/fleet-in-force.ts";
import type { StoreLink } from "../fleet/store-link.ts";
import type { Gateway } from "../gateway.ts";
import type { JobExchange } from "../jobs/job-exchange.ts";
import type { Enrolment } from "../joining/enrolment.ts";
import type { AuditReader, ServerCertificate } from "../ports.ts";
import type { Renewals } from "../renewing/renewals.ts";
import type { OwnRoles } from "./own-roles.ts";

export interface AdminParts {
  readonly gateway: Gateway;
  readonly clients: ListInForce;
  readonly roles: OwnRoles;
  readonly fleet: FleetInForce;
  /** To the process that fetches the fleet's list from a store. */
  readonly link: StoreLink;
  /** Names in gateway.json: whoever connects to a local socket is this client. */
  readonly localClients: ReadonlySet<string>;
  /** null: the gateway does not listen on TCP, so nobody can join. */
  readonly enrolment: Enrolment | null;
  /** null: as with enrolment. */
  readonly exchange: JobExchange | null;
  /** null: as with enrolment. */
  readonly renewals: Renewals | null;
  readonly audit: AuditReader;
  readonly certificate: ServerCertificate;
  /** Reloads certificates, configuration and clients. @returns the problems; empty: all is reloaded */
  readonly reload: () => Promise<readonly string[]>;
  /** What else `status` reports: version, certificates. */
  readonly about: () => Readonly<Record<string, unknown>>;
}

/** What stands behind the admin API. */
import type { ClientStore } from "../../identity/index.ts";
import type { Gateway } from "../gateway.ts";
import type { AuditReader } from "../ports.ts";

export interface AdminParts {
  readonly gateway: Gateway;
  readonly clients: ClientStore;
  readonly audit: AuditReader;
  /** Reads certificates, configuration and clients anew. @returns what could not be taken over */
  readonly reload: () => Promise<readonly string[]>;
  /** What else `status` tells: version, certificates. */
  readonly about: () => Readonly<Record<string, unknown>>;
}

/** What stands behind the admin API. */
import type { ListInForce } from "../../identity/index.ts";
import type { Gateway } from "../gateway.ts";
import type { AuditReader } from "../ports.ts";

export interface AdminParts {
  readonly gateway: Gateway;
  readonly clients: ListInForce;
  readonly audit: AuditReader;
  /** Reads certificates, configuration and clients anew. @returns what could not be taken over */
  readonly reload: () => Promise<readonly string[]>;
  /** What else `status` tells: version, certificates. */
  readonly about: () => Readonly<Record<string, unknown>>;
}

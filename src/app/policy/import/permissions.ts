/** What a proxy's configuration permits, and what of it a role cannot say. */
import type { Note } from "../made/role-text.ts";

export const KINDS = ["docker-socket-proxy", "socket-proxy", "sockguard"] as const;
export type Kind = (typeof KINDS)[number];

/** On whose things a proxy lets its clients act. */
export type Whose = "anybody's" | "own";

export interface Permissions {
  /** By their names in the Docker API. */
  readonly operations: ReadonlySet<string>;
  readonly whose: Whose;
  readonly limits: Readonly<Record<string, unknown>>;
  readonly notes: readonly Note[];
}

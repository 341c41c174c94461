/** The gateway's client list, as an inspection of the host read it. */
import type { HostFacts } from "./host-facts.ts";
import { GATEWAY_CLIENTS, GATEWAY_REVOKED } from "./paths.ts";

/** undefined: there is no such file. */
export interface ListOnHost {
  readonly clients: string | undefined;
  readonly revocations: string | undefined;
}

/** Where it is, for messages. */
export const LIST_PATHS = { clients: GATEWAY_CLIENTS, revocations: GATEWAY_REVOKED } as const;

export function listOnHost({ ours: { files } }: Pick<HostFacts, "ours">): ListOnHost {
  const text = (path: string) => files.get(path)?.text;
  return { clients: text(LIST_PATHS.clients), revocations: text(LIST_PATHS.revocations) };
}

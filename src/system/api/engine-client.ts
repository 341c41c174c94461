/** Lists and removes what the engine behind a line's gateway has, with the line's own access. */
import type { json } from "../../base/index.ts";
import type { GatewayAccess } from "../../gateway/index.ts";
import { askGateway, bodyOf, callGateway, refused } from "./gateway-client.ts";

/** What the engine behind the gateway answers. @param path with its query @throws GATEWAY_UNREACHABLE, GATEWAY_REFUSED */
export function listEngine<T>(access: GatewayAccess, path: string, reader: json.Read<T>): Promise<T> {
  return callGateway(access, { method: "GET", path }, reader, "");
}

const GONE = 404;
/** The engine removes it already, as after `docker run --rm`. */
const CONFLICT = 409;
/** Stopping a container may take as long as the container wants. */
const REMOVAL_MS = 60_000;

/** Removes a thing from the engine; one that is gone already is no error. @throws GATEWAY_UNREACHABLE, GATEWAY_REFUSED */
export async function removeFromEngine(access: GatewayAccess, path: string): Promise<void> {
  const removing = { method: "DELETE", path, answerMs: REMOVAL_MS } as const;
  const answer = await askGateway(access, removing, "");
  const body = await bodyOf(access, answer, removing);
  const status = answer.statusCode ?? 0;
  if (status < 300 || status === GONE) return;
  const [, container] = /^\/containers\/([0-9a-f]{64})\?/.exec(path) ?? [];
  if (status !== CONFLICT || container === undefined) throw refused(access, answer, body);
  const wait = `/containers/${container}/wait?condition=removed`;
  const waiting = { method: "POST", path: wait, answerMs: REMOVAL_MS } as const;
  await bodyOf(access, await askGateway(access, waiting, ""), waiting);
}

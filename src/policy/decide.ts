/** Decides whether a role may make a call; the only function of roles that the data path calls. */
import type { OperationCall } from "../engine/index.ts";
import type { Decision } from "./decision.ts";
import { readParameters } from "./query.ts";
import type { Role } from "./roles/compile.ts";

/**
 * buildx asks for this image after it was refused the engine's own builder, and shows its user only the last refusal.
 * @see https://github.com/docker/buildx, driver/docker-container
 */
function isBuildxFallback({ operation, query }: OperationCall): boolean {
  if (operation.name !== "ImageCreate") return false;
  const image = readParameters(query)?.find(([name]) => name === "fromImage")?.[1] ?? "";
  return /^(?:docker\.io\/)?moby\/buildkit(?::|$)/.test(image);
}

const FALLBACK =
  "buildx pulls moby/buildkit because this role may not build here: ask an admin for a role that may build";

/**
 * Decides a call by its operation. Called for every request: a look into a map.
 * @param call what `findOperation` has found; null is allowed to `admin` only
 */
export function decide(role: Role, call: OperationCall | null): Decision {
  const decision = (call && role.decisions.get(call.operation)) ?? role.unknown;
  if (decision.allow !== false || call === null || !isBuildxFallback(call)) return decision;
  return { ...decision, reason: `${decision.reason}; ${FALLBACK}` };
}

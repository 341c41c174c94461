/** Names that nobody can dial are told of before docker is restarted for them. */
import { TetherdockError } from "../../../base/index.ts";
import type { San } from "../../../pki/index.ts";
import type { OutsidePort } from "../ports.ts";
import { retyped, type UpRequest } from "../request.ts";

const TIMEOUT_MS = 5_000; // as long as a resolver waits for its first server

async function resolves(outside: OutsidePort, { value }: San): Promise<boolean> {
  const [first] = await outside.resolve({ host: value, port: 0 }, TIMEOUT_MS);
  return first?.endpoint.host !== value;
}

function withoutName(request: UpRequest, name: string): string {
  return `${retyped(request, { dropSan: [...(request.dropSan ?? []), name] })}   # if you no longer need it`;
}

/**
 * @param required the line's address and what the user gave; without proof of each the line is not made
 * @param kept names that the line has from earlier
 * @throws NOT_REACHABLE for the first DNS name that does not resolve here
 */
export async function requireResolvable(
  outside: OutsidePort,
  required: readonly San[],
  request: UpRequest,
  kept: readonly string[],
): Promise<void> {
  const names = required.filter(({ type }) => type === "dns");
  const resolved = await Promise.all(names.map((name) => resolves(outside, name)));
  const unknown = names.find((_, at) => !resolved[at]);
  if (!unknown) return;
  throw new TetherdockError("NOT_REACHABLE", `${unknown.value} does not resolve to an address here`, {
    why: ["every name that you give is proven from this machine; nothing was changed"],
    hints: [
      `getent ahosts ${unknown.value}`,
      ...(kept.includes(unknown.value) ? [withoutName(request, unknown.value)] : []),
    ],
  });
}

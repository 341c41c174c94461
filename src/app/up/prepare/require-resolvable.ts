/** Names that do not resolve are reported before docker is restarted. */
import { TetherdockError } from "../../../base/index.ts";
import { normaliseNames, type San } from "../../../pki/index.ts";
import type { OutsidePort } from "../ports.ts";
import { MAX_ADDRESSES_PER_NAME } from "../prove/prove-line.ts";
import { retyped, type UpRequest } from "../request.ts";

const TIMEOUT_MS = 5_000; // as long as a resolver waits for its first server

/** @returns none for a name that does not resolve */
async function addressesOf(outside: OutsidePort, { value }: San): Promise<readonly string[]> {
  const targets = await outside.resolve({ host: value, port: 0 }, TIMEOUT_MS);
  return targets.map(({ endpoint }) => endpoint.host).filter((host) => host !== value);
}

function withoutName(request: UpRequest, name: string): string {
  return `${retyped(request, { dropSan: [...(request.dropSan ?? []), name] })}   # if you no longer need it`;
}

interface Named {
  readonly name: string;
  readonly addresses: readonly string[];
}

function unresolved({ name }: Named, request: UpRequest, isKept: boolean): TetherdockError {
  return new TetherdockError("NOT_REACHABLE", `${name} does not resolve to an address here`, {
    why: ["every name that you give is proven from this machine; nothing was changed"],
    hints: [`getent ahosts ${name}`, ...(isKept ? [withoutName(request, name)] : [])],
  });
}

/** The same command without the name: by one of its addresses, or with one less of --san. */
function byOneAddress({ name, addresses }: Named, request: UpRequest): string {
  const others = request.san?.filter((typed) => normaliseNames([typed])[0]?.value !== name);
  if (others?.length !== request.san?.length) return retyped(request, { san: others });
  return `${retyped(request, { address: addresses[0] })}   # if this address is the host's`;
}

function tooMany(named: Named, request: UpRequest, isKept: boolean): TetherdockError {
  const { name, addresses } = named;
  return new TetherdockError("NAME_UNPROVABLE", `${name} has ${addresses.length} addresses`, {
    why: [
      `every address of a name is proven, and at most ${MAX_ADDRESSES_PER_NAME}: a name with more is a service, not a host`,
      "nothing was changed",
    ],
    hints: [isKept ? withoutName(request, name) : byOneAddress(named, request)],
  });
}

/**
 * @param required the line's address and what the user gave; without proof of each the line is not made
 * @param kept names that the line has from earlier
 * @throws for the first DNS name: NOT_REACHABLE if it does not resolve here, NAME_UNPROVABLE if it has too many addresses
 */
export async function requireResolvable(
  outside: OutsidePort,
  required: readonly San[],
  request: UpRequest,
  kept: readonly string[],
): Promise<void> {
  const names = required.filter(({ type }) => type === "dns");
  const found = await Promise.all(
    names.map(async (name) => ({ name: name.value, addresses: await addressesOf(outside, name) })),
  );
  for (const named of found) {
    const isKept = kept.includes(named.name);
    if (named.addresses.length === 0) throw unresolved(named, request, isKept);
    if (named.addresses.length > MAX_ADDRESSES_PER_NAME) throw tooMany(named, request, isKept);
  }
}

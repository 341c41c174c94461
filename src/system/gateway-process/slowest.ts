/** Chooses the handshakes that give way to others. */
import type { Socket } from "node:net";
import type { AddressGroup } from "../../gateway/index.ts";

interface Begun {
  readonly group: AddressGroup;
  readonly isKnown: boolean;
  readonly begunAt: number | null;
}

/**
 * Strangers' handshakes that began before a time, those of the networks with the most of them first. The work is
 * bounded by the number of running handshakes.
 * @param begun in the order in which they began
 */
export function slowest(begun: ReadonlyMap<Socket, Begun>, before: number): Socket[] {
  const ranks = new Map<string, number>();
  const ranked: { readonly socket: Socket; readonly rank: number }[] = [];
  for (const [socket, { group, isKnown, begunAt }] of begun) {
    if (begunAt !== null && begunAt > before) break;
    if (isKnown) continue;
    const rank = (ranks.get(group.network) ?? 0) + 1;
    ranks.set(group.network, rank);
    ranked.push({ socket, rank });
  }
  return ranked.toSorted((a, b) => b.rank - a.rank).map(({ socket }) => socket);
}

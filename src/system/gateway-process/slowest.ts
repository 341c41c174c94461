/** Which handshakes give way to others. */
import type { Socket } from "node:net";
import type { AddressGroup } from "../../gateway/index.ts";

interface Begun {
  readonly group: AddressGroup;
  readonly isKnown: boolean;
  readonly begunAt: number | null;
}

/**
 * Strangers' handshakes that were begun before a time, those of the networks with most of them first. As many as run at
 * a time are looked at, and no more.
 * @param begun in the order in which they were begun
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

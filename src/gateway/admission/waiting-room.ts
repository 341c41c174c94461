/** Connections that have not finished their handshake, by block, network and age; picks the one that makes room. */

import type { AddressGroup } from "./address-group.ts";
import { Tally } from "./tally.ts";

interface Block<Socket> {
  readonly networks: Tally<string>;
  /** By network, the oldest first. */
  readonly sockets: Map<string, Set<Socket>>;
}

export class WaitingRoom<Socket> {
  readonly #blocks = new Map<string, Block<Socket>>();
  readonly #tally = new Tally<string>();

  /** How many of one network are here. */
  countOf({ block, network }: AddressGroup): number {
    return this.#blocks.get(block)?.networks.of(network) ?? 0;
  }

  add(socket: Socket, { block: name, network }: AddressGroup): void {
    const block = this.#blocks.get(name) ?? { networks: new Tally<string>(), sockets: new Map() };
    this.#blocks.set(name, block);
    const sockets = block.sockets.get(network) ?? new Set<Socket>();
    block.sockets.set(network, sockets);
    sockets.add(socket);
    block.networks.add(network);
    this.#tally.add(name);
  }

  remove(socket: Socket, { block: name, network }: AddressGroup): void {
    const block = this.#blocks.get(name);
    const sockets = block?.sockets.get(network);
    if (!block || !sockets?.delete(socket)) return;
    if (sockets.size === 0) block.sockets.delete(network);
    block.networks.remove(network);
    this.#tally.remove(name);
    if (block.sockets.size === 0) this.#blocks.delete(name);
  }

  /**
   * Picks who makes room: in the block with the most, in its network with the most, the one that has waited longest.
   * @param than the block must have more than this many
   */
  largest(than: number): Socket | undefined {
    const block = this.#tally.most > than ? this.#blocks.get(this.#tally.largest ?? "") : undefined;
    for (const socket of block?.sockets.get(block.networks.largest ?? "") ?? []) return socket;
    return undefined;
  }

  /** How many of one block are here. */
  countOfBlock({ block }: AddressGroup): number {
    return this.#tally.of(block);
  }
}

/** Connections that wait for a handshake, by block and network. Those with the fewest under way are next, in turn. */
import type { AddressGroup } from "./address-group.ts";

/** A connection that waits for its handshake or is in it. */
export interface Visitor {
  readonly group: AddressGroup;
  readonly start: () => void;
}

/** Items in turn, ordered by how many handshakes each has under way. */
class Levels<Item> {
  readonly #levels: Set<Item>[] = [];

  put(item: Item, level: number): void {
    this.#levels[level] ??= new Set();
    this.#levels[level].add(item);
  }

  drop(item: Item, level: number): void {
    this.#levels[level]?.delete(item);
  }

  /** @returns the first item with the fewest, if that is below the limit */
  first(limit: number): Item | undefined {
    const end = Math.min(limit, this.#levels.length);
    for (let level = 0; level < end; level++) for (const item of this.#levels[level] ?? []) return item;
    return undefined;
  }
}

interface Network {
  readonly name: string;
  running: number;
  readonly waiting: Set<Visitor>;
}

interface Block {
  running: number;
  /** Networks that may be next: a connection waits there, and they are below their limit. */
  ready: number;
  readonly networks: Map<string, Network>;
  readonly levels: Levels<Network>;
}

/** A block may have twice as many under way as one network. */
const NETWORKS_OF_A_BLOCK = 2;

export class HandshakeLines {
  readonly #perNetwork: number;
  readonly #blocks = new Map<string, Block>();
  readonly #levels = new Levels<Block>();
  #running = 0;
  #starved = 0;

  /** @param perNetwork handshakes at a time */
  constructor(perNetwork: number) {
    this.#perNetwork = perNetwork;
  }

  get running(): number {
    return this.#running;
  }

  /** How many networks wait and have nothing under way. */
  get starved(): number {
    return this.#starved;
  }

  runningOf({ block, network }: AddressGroup): number {
    return this.#blocks.get(block)?.networks.get(network)?.running ?? 0;
  }

  /** The visitor waits from now on. */
  enter(visitor: Visitor): void {
    this.#changing(visitor.group, (network) => network.waiting.add(visitor));
  }

  /** The visitor no longer waits. */
  giveUp(visitor: Visitor): void {
    this.#changing(visitor.group, (network) => network.waiting.delete(visitor));
  }

  /** Whether there is a next one. */
  get isReady(): boolean {
    return this.#levels.first(this.#perNetwork * NETWORKS_OF_A_BLOCK) !== undefined;
  }

  /** @returns the next one, whose handshake counts as under way from now on */
  next(): Visitor | undefined {
    const block = this.#levels.first(this.#perNetwork * NETWORKS_OF_A_BLOCK);
    const network = block?.levels.first(this.#perNetwork);
    for (const visitor of network?.waiting ?? []) {
      this.#changing(visitor.group, (of) => of.waiting.delete(visitor), 1);
      return visitor;
    }
    return undefined;
  }

  /** A handshake is over. */
  leave(group: AddressGroup): void {
    if (this.runningOf(group) > 0) this.#changing(group, () => {}, -1);
  }

  /** Takes a network out of its place, changes it, and puts it where it then belongs. */
  #changing(group: AddressGroup, change: (network: Network) => void, running = 0): void {
    const block = this.#block(group.block);
    const network = this.#network(block, group.network);
    this.#place(block, network, -1);
    change(network);
    network.running += running;
    block.running += running;
    this.#running += running;
    this.#place(block, network, 1);
    if (network.waiting.size === 0 && network.running === 0) block.networks.delete(group.network);
    if (block.networks.size === 0) this.#blocks.delete(group.block);
  }

  /** @param by 1: puts the network in its place, if it may be next; -1: takes it out */
  #place(block: Block, network: Network, by: 1 | -1): void {
    if (block.ready > 0) this.#levels.drop(block, block.running);
    if (network.waiting.size > 0 && network.running < this.#perNetwork) {
      block.ready += by;
      if (network.running === 0) this.#starved += by;
      if (by > 0) block.levels.put(network, network.running);
      else block.levels.drop(network, network.running);
    }
    // while the network is out, so is its block: the block's own count may change
    if (by > 0 && block.ready > 0) this.#levels.put(block, block.running);
  }

  #block(name: string): Block {
    const known = this.#blocks.get(name);
    if (known) return known;
    const block = { running: 0, ready: 0, networks: new Map(), levels: new Levels<Network>() };
    this.#blocks.set(name, block);
    return block;
  }

  #network(block: Block, name: string): Network {
    const known = block.networks.get(name);
    if (known) return known;
    const network = { name, running: 0, waiting: new Set<Visitor>() };
    block.networks.set(name, network);
    return network;
  }
}

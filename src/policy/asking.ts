/** What a judge knows about a request besides its body, and what it can ask the engine. */

export type Labels = Readonly<Record<string, string>>;

/** A container as the engine describes it now. */
export interface FoundContainer {
  /** All 64 digits. */
  readonly id: string;
  /** The ID of its image, not a name: `sha256:…`. */
  readonly image: string;
  /** The container's labels, which include its image's. */
  readonly labels: Labels;
  /** Names of the volumes that its creation asked for. While the container exists, the engine removes none of them. */
  readonly volumes: readonly string[];
  /** How many ports of the host it takes when it runs. */
  readonly published?: number;
  /** Whether its process has an input that somebody can write to. */
  readonly hasStdin?: boolean;
  /** How many variables its environment has, those of its image included. */
  readonly variables?: number;
  /** `HostConfig` and `Mounts` of the answer, as they came. */
  readonly hostConfig?: unknown;
  readonly mounts?: unknown;
}

export interface FoundNetwork {
  /** All 64 digits. */
  readonly id: string;
  readonly labels: Labels;
}

export interface FoundExec {
  readonly id: string;
  readonly containerId: string;
  /** Also if the answer does not say. */
  readonly isPrivileged: boolean;
}

export interface FoundImage {
  /** `sha256:…` */
  readonly id: string;
  readonly labels: Labels;
  /** Whether it has instructions for builds that begin with it: ONBUILD. */
  readonly hasTriggers: boolean;
  /** Of these answers: `linux/arm64/v8`. An engine with containerd's store can have the same image for others, too. */
  readonly platform: string;
}

export interface FoundDriver {
  readonly driver: string;
  /** With the driver `local`, they can bind a path of the host. */
  readonly options: Labels;
}

/** Volumes that dockerd may be filling with an image's files, for as long as a request creates a container. */
export interface VolumeFills {
  /** From now on until dockerd has answered this request, or it is refused. @returns false: another request's is under way */
  begin(name: string): boolean;
  /** Resolves when no other request is under way with it. Rejects if this request is over. */
  whenEnded(name: string): Promise<void>;
  /** This request does not fill it after all. */
  end(name: string): void;
  /** By any request. */
  isBegun(name: string): boolean;
}

/** Asks the engine. Rejects if it does not answer in time, or not as expected; null: no such object. */
export interface EngineLookup {
  /** @param ref a name, an ID, or the beginning of one */
  inspectContainer(ref: string): Promise<FoundContainer | null>;
  inspectExec(id: string): Promise<FoundExec | null>;
  /** @returns the engine's own, as it says it: `29.5.1`, `26.1.5+dfsg1` */
  version(): Promise<string | null>;
  /** @returns the folder of its images, containers and volumes */
  dataFolder(): Promise<string | null>;
  /** @param ref an image's ID, or a name @returns its labels */
  inspectImage(ref: string): Promise<Labels | null>;
  /** @param ref an image's ID, or a name */
  findImage(ref: string): Promise<FoundImage | null>;
  /**
   * @param ref as for findImage @param platform for which a container is made; empty: the engine's own
   * @returns the size of its configuration, of which each container has a copy; 0: no such image
   */
  imageBytes(ref: string, platform: string): Promise<number>;
  /** @returns whether the engine has an image with this label: `NAME=VALUE` */
  hasImageWith(label: string): Promise<boolean>;
  /** @returns null also for a network of a swarm */
  inspectNetwork(ref: string): Promise<FoundNetwork | null>;
  /** @returns its labels */
  inspectVolume(name: string): Promise<Labels | null>;
  /** @param volume its name @returns whether the engine has a container that mounts it, running or not */
  hasContainerWith(volume: string): Promise<boolean>;
  /** @param volume its name @returns whether nothing refers to it, not even a container that is being created */
  isUnused(volume: string): Promise<boolean>;
  /**
   * @param volume its name
   * @returns whether the engine lists a container that mounts it and does not show it yet: Engine 20.10 is still creating it
   */
  hasHalfMadeContainerWith(volume: string): Promise<boolean>;
  readonly fills: VolumeFills;
  /** @param name a volume's */
  inspectDriver(name: string): Promise<FoundDriver | null>;
  /**
   * Creates a volume of the driver `local`. If one of that name exists, nothing changes.
   * @returns the labels of the volume that exists now; null: the engine does not accept the name
   */
  createVolume(name: string, labels: Labels): Promise<Labels | null>;
  /**
   * Gives a name to an image, whatever had it before.
   * @param id `sha256:…` @returns whether the engine has done it
   */
  tagImage(id: string, repository: string, tag: string): Promise<boolean>;
  /**
   * Removes a container that does not run, with its anonymous volumes.
   * @param id all 64 digits @returns whether the engine has done it
   */
  removeContainer(id: string): Promise<boolean>;
}

/** What a judge of builds needs besides. */
export interface AskingH2c {
  /** @returns the values of a field, one for each time that it appears */
  readonly fieldValues: (name: string) => readonly string[];
}

export interface Asking {
  /** SHA-256 of the client's public key, in hex; null for a client of a local socket. */
  readonly owner: string | null;
  /** The values of a header field, one for each time that it appears. */
  readonly contentType: readonly string[];
  readonly contentEncoding: readonly string[];
  /** The protocol of the Upgrade field, in lower case; empty: none. */
  readonly upgrade: string;
  readonly engine: EngineLookup;
  /** Tells how many bytes the judge keeps while it asks the engine: first the body. They count as the client's memory. */
  readonly holds: (bytes: number) => void;
  /**
   * Before the engine makes something that it keeps in memory until somebody removes it.
   * @returns whether the client may make it now, which then counts
   */
  readonly mayKeep: (bytes: number) => boolean;
  /** How much counts as kept if the client leaves before the judge has what it asks the engine for. */
  readonly ifLeft: (bytes: number) => void;
  /** @returns whether it hits, which is once in so many times; no client can foresee it */
  readonly chance: (times: number) => boolean;
  /** Runs work once this client's earlier work of this kind is over, so that many requests at once cannot pass by a count. */
  readonly inTurn: <T>(work: () => Promise<T>) => Promise<T>;
  /** Only of a request to become HTTP/2 without TLS. */
  readonly h2c?: AskingH2c;
}

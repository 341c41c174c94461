/** What one inspection of a host found: plain data from which plans are made. */
import type { UserFileFact } from "./daemon/user-files.ts";
import type { PathSteps } from "./place/path-step.ts";
import type { UnitText } from "./systemd/unit-file.ts";

/** A regular file on the host; links are followed. */
export interface FileFact {
  readonly path: string;
  /** Octal permission bits as stat prints them, e.g. "644". */
  readonly mode: string;
  /** `uid:gid`. */
  readonly owner: string;
  readonly text: string;
}

/** A socket unit that starts docker.service. */
export interface SocketFact {
  readonly unit: string;
  readonly active: boolean;
  /** systemd's Listen= values without the type, e.g. `/run/docker.sock`, `[::]:2375`. */
  readonly listens: readonly string[];
  readonly units: readonly UnitText[];
  /** Symlinks below /etc/systemd/system that enable it. */
  readonly links: readonly string[];
}

/** docker.service as systemd sees it. */
export interface ServiceFact {
  /** systemd's LoadState: `loaded`, `not-found`, `masked` … */
  readonly loadState: string;
  readonly active: boolean;
  readonly unitFileState: string;
  readonly units: readonly UnitText[];
  readonly environmentFiles: readonly FileFact[];
}

/** A running container. */
export interface ContainerFact {
  readonly name: string;
  /** Docker's restart policy; with `no` or an empty one, the container stays down after a restart of the engine. */
  readonly restart: string;
}

/** What our journal says about one path, and what is there now. */
export interface EntryFact {
  readonly path: string;
  /**
   * What was there before: `kept`: something that was saved; `absent`: nothing; `directory`: nothing, and we made a
   * folder. A `spare` was saved until the change was confirmed, a `shared` file is changed by others too, and a `tree`
   * did not exist: the gateway may change these three later.
   */
  readonly before: "kept" | "absent" | "directory" | "spare" | "shared" | "tree";
  /** sha256, `link:TARGET`, `directory` or `absent`. */
  readonly after: string;
  readonly now: string;
}

/** One transaction in the journal. */
export interface TransactionFact {
  readonly number: number;
  /** begun: nothing changed yet; pending: unconfirmed; undoing: being put back; confirmed. */
  readonly state: "begun" | "pending" | "undoing" | "confirmed";
  /** Whether the shell that made it is still running: only that shell can confirm it. */
  readonly ownerAlive: boolean;
  /** Whether it restarted docker; undoing it then does, too. */
  readonly restarted: boolean;
  readonly about: TransactionAbout | null;
  readonly entries: readonly EntryFact[];
}

/** Who made a transaction and for which line. */
export interface TransactionAbout {
  readonly lineId: string;
  readonly lineName: string;
  readonly port: number;
  /** TCP ports that served the API without requiring certificates, and would again after an undo. */
  readonly exposedPorts: readonly number[];
  /** `user@laptop`. */
  readonly by: string;
  /** ISO 8601. */
  readonly at: string;
  /** tetherdock's version. */
  readonly version: string;
}

/** The gateway's units and programs that exist. */
export interface GatewayFact {
  readonly service: GatewayUnitFact;
  readonly socket: GatewayUnitFact & {
    /** TCP ports it listens on. */
    readonly ports: readonly number[];
  };
  /** Path → sha256, of programs and libraries. */
  readonly programs: ReadonlyMap<string, string>;
  /** Which of the links that start it and the fleet process at boot exist. */
  readonly links: ReadonlySet<string>;
  readonly fleet: {
    /** Whether the gateway gets its fleet's list from a store. */
    readonly usesStore: boolean;
    /** The unit that starts the fleet process. */
    readonly path: GatewayUnitFact;
    /** Addresses of this machine itself in /etc/resolv.conf. */
    readonly resolvers: readonly string[];
  };
}

/** A unit of the gateway as systemd sees it. */
export interface GatewayUnitFact {
  /** `active`, `inactive`, `failed` …; `inactive` also if the unit does not exist. */
  readonly state: string;
  /** Whether its file has changed on disk since systemd read it. */
  readonly needsReload: boolean;
}

/** The engine's local socket. */
export interface LocalSocketFact {
  readonly path: string;
  readonly group: string;
  /** Octal permission bits. */
  readonly mode: string;
}

/** A listening TCP or unix socket and the processes that hold it. */
export interface ListenerFact {
  /** `0.0.0.0:2375`, `[::]:2376`, `/run/docker.sock`. */
  readonly address: string;
  readonly port: number | null;
  readonly holders: readonly {
    readonly pid: number;
    readonly command: string;
    /** systemd unit of the process, from its cgroup. */
    readonly unit: string | null;
  }[];
}

/** Everything a plan may depend on. */
export interface HostFacts {
  readonly os: { readonly id: string; readonly name: string };
  readonly machine: string;
  /** The host's clock, milliseconds since the epoch, whole seconds. */
  readonly clockMs: number;
  readonly names: readonly string[];
  /** Global addresses, without those of container bridges. */
  readonly addresses: readonly string[];
  readonly hasSystemd: boolean;
  /** systemd's version; 0 if unknown. */
  readonly systemdVersion: number;
  readonly freeKiB: readonly number[];
  /** Free space where the gateway's program is installed and where it is uploaded. */
  readonly programFreeKiB: readonly number[];
  readonly tools: ReadonlySet<string>;
  /** TCP sockets, and docker's unix sockets. */
  readonly listeners: readonly ListenerFact[];
  readonly service: ServiceFact;
  readonly sockets: readonly SocketFact[];
  /** Unix sockets of docker: use the first. */
  readonly localSockets: readonly LocalSocketFact[];
  readonly gateway: GatewayFact;
  readonly commandLine: readonly string[];
  readonly daemonJson: {
    readonly path: string;
    readonly file: FileFact | null;
    /** What `dockerd --validate` prints; null if dockerd lacks this flag (before Docker 23), or there is no file. */
    readonly validated: string | null;
  };
  /** Daemons of users other than root: rootless mode. */
  readonly foreignDaemons: readonly { readonly pid: number; readonly user: string }[];
  readonly engine: { readonly version: string; readonly liveRestore: boolean } | null;
  readonly containers: readonly ContainerFact[];
  /** Of containers that are mounted now; only those that are no ordinary files. */
  readonly userFiles: readonly UserFileFact[];
  readonly ours: {
    readonly files: ReadonlyMap<string, FileFact>;
    /** SPKI PEM of the server key on the host. */
    readonly publicKey: string | null;
  };
  /** The steps of every path that a plan may touch; see `walkPath`. */
  readonly steps: PathSteps;
  /**
   * Files that docker starts from: units, settings, programs, certificates; also paths that would be read if a file
   * existed.
   */
  readonly startPaths: readonly string[];
  readonly transactions: readonly TransactionFact[];
  /** Whether no change began, ended or was undone during the inspection: otherwise the facts may not belong together. */
  readonly isSteady: boolean;
  /** Whether an undo is armed or running. */
  readonly undoArmed: boolean;
}

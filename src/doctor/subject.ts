/** What the doctor knows of one engine when its checks run: plain data, gathered beforehand from outside and inside. */
import type { Endpoint, EngineVersion, Probe, TlsVersion } from "../engine/index.ts";
import type { HostFacts, ListenerFact } from "../facts/index.ts";
import type { LineMode } from "../line/index.ts";

/** What the endpoint agrees to speak. */
export interface TlsOffer {
  readonly versions: readonly TlsVersion[];
  /** Cipher suites, OpenSSL's names, that were accepted and should not be. */
  readonly weakCiphers: readonly string[];
  /** The server's certificate, PEM, as TLS 1.2 and before show it to everybody. */
  readonly certificate?: string;
}

/** One address and port, seen from here. */
export interface EndpointReport {
  readonly endpoint: Endpoint;
  /** The name that clients use for it: what the certificate must carry. */
  readonly serverName: string;
  /** Why it was looked at: the user named it, the line uses it, everybody's default, the inside look found it. */
  readonly why: "named" | "line" | "default" | "inside";
  readonly probes: readonly Probe[];
  /** Null where no TLS is spoken. */
  readonly offer: TlsOffer | null;
  /** Its version, as it reports it to the line's certificate. */
  readonly engine?: EngineVersion;
  /** The time ran out before everything was tried here. */
  readonly cutShort?: true;
}

/** A container that can reach the engine's socket, or lets others reach it. */
export interface SocketContainerFact {
  readonly name: string;
  readonly image: string;
  readonly mountsSocket: boolean;
  readonly publishedPorts: readonly number[];
}

/** A file, folder or socket whose mode matters. */
export interface ModeFact {
  readonly path: string;
  readonly kind: "key" | "socket" | "directory";
  /** Octal permission bits, e.g. "600". */
  readonly mode: string;
  /** `user:group`. */
  readonly owner: string;
}

/** What a host in a fleet has of its fleet. */
export interface FleetOnHost {
  /** The list in force; null: the host is in no fleet. `until`: when it ends, milliseconds since the epoch. */
  readonly list: { readonly version: number; readonly until: number } | null;
  /** The fleet process; null: the host gets its list from no store. */
  readonly process: FleetProcess | null;
}

export interface FleetProcess {
  /** systemd's ActiveState. */
  readonly state: string;
  /** How often systemd has started it again. */
  readonly restarts: number;
  /** Seconds since it was started last; null: it never was. */
  readonly upS: number | null;
  /** Seconds since the gateway told it another store or other credentials, for which it starts again; null: not known. */
  readonly storeAgeS: number | null;
  /** What it logged last about the store, its list, and the host's receipts, since it was started: the host's own text. */
  readonly said: { readonly store: string; readonly list: string; readonly receipts: string };
}

/** The look from inside: the facts that plans are made of, and what only the doctor asks. */
export interface Inside {
  readonly facts: HostFacts;
  /** Those of the facts. */
  readonly listeners: readonly ListenerFact[];
  readonly modes: readonly ModeFact[];
  /** Members of the group `docker`, each of whom can become root. */
  readonly dockerGroup: readonly string[];
  /** Those of them who can become root with sudo too: for them the group changes nothing. */
  readonly sudoers: readonly string[];
  readonly containers: readonly SocketContainerFact[];
  /** The programs that the engine consists of, as it reports them: `runc`, `containerd`. */
  readonly components: readonly { readonly name: string; readonly version: string }[];
  readonly fleet: FleetOnHost;
  /** Whether units changed on disk since systemd read them. */
  readonly needDaemonReload: boolean;
  /** The unit's command line as systemd would start it now, variables expanded. */
  readonly unitCommandLine: readonly string[];
  /** PEM texts of the certificates that the daemon is told to use, as far as they can be read. */
  readonly certificates: readonly {
    readonly path: string;
    readonly role: "ca" | "server";
    readonly pem: string;
  }[];
  /** Firewall rules that concern the ports, as the firewall's own tool prints them. */
  readonly firewall: readonly {
    readonly tool: string;
    readonly rule: string;
    readonly port: number | null;
  }[];
}

/** A fleet that this machine operates, or all of them, which cannot be read. */
export interface UnreadFleet {
  readonly where: string;
  readonly evidence: readonly string[];
  readonly fix: readonly string[];
}

/** The line to an engine: its port and its certificates, PEM. */
export interface SubjectLine {
  readonly name: string;
  readonly endpoint: Endpoint;
  readonly mode: LineMode;
  readonly ca: string;
  readonly certificate: string;
  readonly exposedKeys: readonly string[];
  /** Fleets that this machine operates and that have the line's host: the newest list that was signed here. */
  readonly fleets: readonly { readonly name: string; readonly version: number }[];
  /** Absent when all could be read. */
  readonly unreadFleets?: readonly UnreadFleet[];
  /** Names under which machines wait for approval, as the gateway says to an admin. */
  readonly waiting: readonly string[];
  /** Why its CA could not issue certificates to try; absent when it could. */
  readonly noCaKey?: string;
}

/** Everything the checks may look at. */
export interface Subject {
  /** What the user called it: a line's name, a destination, an endpoint. */
  readonly name: string;
  /** The ssh destination that `up` takes for this host; null: this machine; absent when nobody knows. */
  readonly upTarget?: string | null;
  /** Laptop's time, milliseconds since the epoch. */
  readonly now: number;
  readonly endpoints: readonly EndpointReport[];
  readonly inside: Inside | null;
  /** Why there is no look from inside. */
  readonly insideMissing: string | null;
  /** The line, if there is one here. */
  readonly line: SubjectLine | null;
}

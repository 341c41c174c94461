/** The ports of the line's features. Implemented in src/system. */
import type { ContextMeta, TlsFiles } from "./docker/docker-context.ts";
import type { Line } from "./line.ts";

/** The files of a line, below its folder. `docker/` is DOCKER_CERT_PATH and contains nothing else. */
export const LINE_FILES = [
  "line.json",
  "docker/ca.pem",
  "docker/cert.pem",
  "docker/key.pem",
  "ca/ca-key.pem",
  "ca/other-ca.pem",
] as const;

/** One file of a line. */
export type LineFile = (typeof LINE_FILES)[number];

/** A line that was joined has no CA key, and another CA is there only while it replaces the line's, or was replaced by it. */
type OptionalFile = "ca/ca-key.pem" | "ca/other-ca.pem";

/** The text of every file of a line. */
export type LineFiles = Readonly<
  Record<Exclude<LineFile, OptionalFile>, string> & Partial<Record<OptionalFile, string>>
>;

/** The lines kept on this machine. Every method may throw FILE_FAILED, naming the path. */
export interface LineStore {
  /** Names of the lines, sorted; pending ones are not among them. */
  list(): Promise<string[]>;
  /** @throws LINE_UNKNOWN or LINE_BROKEN */
  read(name: string): Promise<Line>;
  /** The text of one file; a key that is encrypted is decrypted. @throws LINE_BROKEN when it is missing */
  readFile(name: string, file: LineFile): Promise<string>;
  /** The default line's name, as set by `prefer`; the line itself may be gone. */
  preferred(): Promise<string | undefined>;
  /** Makes a line the default; undefined: none. */
  prefer(name: string | undefined): Promise<void>;
  /** Absolute path of the folder for DOCKER_CERT_PATH. */
  certPath(name: string): string;
  /** Whether the client's key is encrypted with a passphrase. @throws LINE_BROKEN when it is missing */
  isKeyEncrypted(name: string): Promise<boolean>;
  /** Absolute path of the socket of the line's agent. @throws AGENT_NOT_RUNNING when there is none */
  agentSocket(name: string): Promise<string>;
  /** The same path, whether or not an agent is there. */
  agentSocketPath(name: string): string;
  /** Private keys that group or others can read: absolute paths. Always empty on Windows. */
  exposedKeys(name: string): Promise<string[]>;

  /**
   * Writes a complete new line in a place where no other command sees it.
   * @throws LINE_EXISTS, or LINE_PENDING when another `up` for this name is running or was interrupted
   */
  stage(name: string, files: LineFiles): Promise<void>;
  /** The pending line; after a crash some files may be missing. Undefined: nothing is pending. */
  pending(name: string): Promise<Partial<LineFiles> | undefined>;
  /** Absolute path of the pending line's folder for DOCKER_CERT_PATH. */
  pendingCertPath(name: string): string;
  /** Replaces one file of the pending line, atomically. @throws LINE_UNKNOWN when nothing is pending */
  updatePending(name: string, file: LineFile, text: string): Promise<void>;
  /** Makes the pending line visible with one rename. */
  commit(name: string): Promise<void>;
  /** Removes the pending line, if there is one. */
  discard(name: string): Promise<void>;

  /** Replaces one file of a line, atomically. @throws LINE_UNKNOWN */
  update(name: string, file: LineFile, text: string): Promise<void>;
  /** Removes a line: one rename makes it invisible, then its files are deleted. */
  remove(name: string): Promise<void>;
}

/** A context of the docker CLI with the key material it copied. */
export interface StoredContext {
  readonly meta: ContextMeta;
  readonly files: Partial<TlsFiles>;
}

/** The docker CLI's own context store and its current context. */
export interface ContextStore {
  /** Every context, ours and others', sorted by name; "default" is not stored. */
  list(): Promise<StoredContext[]>;
  /** Undefined: there is no context of this name. */
  read(name: string): Promise<StoredContext | undefined>;
  /** Writes or replaces a context; null removes its TLS files. Does not check who made it: see `assertReplaceable`. */
  write(name: string, metaJson: string, files: TlsFiles | null): Promise<void>;
  /** Removes the context and its copies of the keys. */
  remove(name: string): Promise<void>;
  /** The current context according to `config.json`; undefined: "default". @throws DOCKER_CONFIG_BROKEN */
  current(): Promise<string | undefined>;
  /** Sets the current context; undefined: "default". @throws DOCKER_CONFIG_BROKEN */
  use(name: string | undefined): Promise<void>;
}

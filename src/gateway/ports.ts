/** What the gateway needs from outside. Implemented in src/system/gateway-process. */
import type { KeyObject } from "node:crypto";
import type { Socket } from "node:net";
import type { Duplex } from "node:stream";

/**
 * Opens a connection to Docker's local socket; it may still be connecting. Half-closing is up to the caller.
 * @param onBytes receives the bytes, in a buffer that is overwritten as soon as it returns
 */
export type ConnectUpstream = (onBytes: (bytes: Buffer) => void) => Socket;

/** Reading into memory that the reader chooses. */
export interface Reading {
  /** The memory for the first piece. */
  readonly first: Buffer;
  /** Receives each piece, a view of the memory it was read into. */
  readonly onBytes: (bytes: Buffer) => void;
  /** Called after each piece. @returns the memory for the next one; null: the same */
  readonly next: () => Buffer | null;
}

/** @returns whether the socket is read this way from now on; if not, its `data` events deliver the bytes */
export type ReadInto = (socket: Duplex, reading: Reading) => boolean;

/** What Node's sockets have no call for. */
export interface Sockets {
  readonly readInto: ReadInto;
  /** Whether the kernel has no connection any more, although the socket has not said so. */
  readonly isGone: (socket: Duplex) => boolean;
}

/** Stores the roles that somebody has made, as one text. */
export interface RoleStore {
  /** For messages. */
  readonly path: string;
  /** undefined: nothing has been stored yet. @throws FILE_FAILED */
  read(): Promise<string | undefined>;
  /** @throws FILE_FAILED, and then nothing was written */
  write(text: string): Promise<void>;
  /** Reports that the text may have changed. @returns stops watching */
  watch(onChange: () => void): () => void;
}

/** Stores what this host keeps of its fleet, as one text. */
export interface FleetStore {
  /** For messages. */
  readonly path: string;
  /** undefined: the host is in no fleet. @throws FILE_FAILED */
  read(): Promise<string | undefined>;
  /** @param text undefined: the host has left its fleet @throws FILE_FAILED, and then nothing was written */
  write(text: string | undefined): Promise<void>;
}

/** A piece of one of the log's files. */
export interface AuditBytes {
  /** Of the whole file. */
  readonly size: number;
  /** What does not change any more; empty: there is no more yet. */
  readonly bytes: Buffer;
}

/** Keeps what the fleet process and its receipts need, and listens for the process. */
export interface LinkPort {
  /** For messages. */
  readonly path: string;
  /** undefined: this host uses no store. @throws FILE_FAILED */
  read(): Promise<string | undefined>;
  /** @param text undefined: none is used any more @throws FILE_FAILED, and then nothing was written */
  write(text: string | undefined): Promise<void>;
  /** The Ed25519 key that signs this host's receipts; it is made when it is asked for first. @throws FILE_FAILED */
  receiptKey(): Promise<KeyObject>;
  /** A path for a socket, which nobody can guess. */
  newSocket(): string;
  /**
   * @param answer of one line, to one line
   * @returns stops listening; what is being answered is answered @throws GATEWAY_LISTEN_FAILED
   */
  listen(socket: string, answer: (line: string) => Promise<string>): Promise<() => void>;
}

/** Reads the audit log for the admin API. */
export interface AuditReader {
  /** The log's files, the oldest of each part first. @throws FILE_FAILED */
  files(): Promise<readonly { readonly name: string; readonly bytes: number }[]>;
  /**
   * @param from where the piece begins, in bytes
   * @returns null: there is no such file (any more) @throws FILE_FAILED
   */
  bytes(name: string, from: number): Promise<AuditBytes | null>;
  /** Records as JSON, one per string, without the newline. */
  read(selection: {
    readonly sinceMs: number | null;
    readonly client: string | null;
    /** The client's key: its records are the client's too, from when it had another name. */
    readonly key: string | null;
    readonly follow: boolean;
    readonly signal: AbortSignal;
  }): AsyncIterable<string>;
  /**
   * Checks the whole log against its seals.
   * @param expectedSeal a seal that must be among them
   * @returns what was found, to be sent as JSON
   */
  verify(expectedSeal: string | null): Promise<unknown>;
}

/** Signs certificates for clients that join by invitation, and for CI jobs. Only this gateway trusts its CA, and for clients only. */
export interface Issuer {
  /** Whether this gateway may have a CA; without, `prepare` and `issue` fail. */
  readonly mayIssue: boolean;
  /**
   * @param certificate that an admin has signed, PEM
   * @param fingerprint of the public key that it has to be for
   * @returns why its owner could not connect with it; null: nothing
   */
  problemOf(certificate: string, fingerprint: string): string | null;
  /** Makes the CA, if there is none for this line, and has the listener trust it. @throws FILE_FAILED */
  prepare(): Promise<void>;
  /**
   * @param publicKey SubjectPublicKeyInfo, PEM
   * @param expires the client's end of access, ISO 8601; null: the certificate's own
   * @param lifeMs how long it is valid at most; null: as long as others
   * @returns PEM
   * @throws KEY_UNREADABLE, KEY_UNSUITABLE, CA_…, FILE_FAILED
   */
  issue(publicKey: string, name: string, expires: string | null, lifeMs: number | null): Promise<string>;
}

/** The server certificate that the gateway shows. */
export interface ServerCertificate {
  /** PEM; null: the gateway does not listen on TCP. @throws FILE_FAILED */
  read(): Promise<string | null>;
  /** Stores it, and uses it for new connections. @returns why it is not taken; null: it is in force @throws FILE_FAILED */
  replace(pem: string): Promise<string | null>;
}

/**
 * Fetches a document over https, through a connection that somebody passes on.
 * @param ca whom the server's certificate must be of, PEM; null: a public CA
 * @param connection to the server; destroyed in the end
 * @throws Error whose message says why not: no answer in 5 s, a certificate that is not valid, a redirect, more than 1 MiB
 */
export type FetchDocument = (url: URL, ca: string | null, connection: Duplex) => Promise<string>;

/** TLS in front of the gateway: a client without a certificate of our CA does not reach HTTP. */
import { constants } from "node:crypto";
import type { Socket } from "node:net";
import { createServer, type Server, type TLSSocket } from "node:tls";
import {
  type AddressGroup,
  addressGroup,
  type Gateway,
  JOB_PROTOCOL,
  JOIN_PROTOCOL,
  type JobConnections,
  type JobExchange,
  type Joiners,
  type Peer,
  RENEW_PROTOCOL,
  type Renewers,
} from "../../../gateway/index.ts";
import { formatAddress } from "./format-address.ts";
import { Handshakes } from "./handshakes.ts";
import { ourCertificateOf, type PeerKey, PeerKeys, publicKeyOf } from "./peer-keys.ts";
import type { TlsOptions } from "./tls-context.ts";

/** Milliseconds before the first keep-alive probe, which detects a closed laptop even if no data is sent. */
export const KEEP_ALIVE_MS = 30_000;

/** Who serves the connections that do not speak HTTP. */
export interface ShortTalks {
  readonly joiners: Joiners;
  readonly renewers: Renewers;
  readonly jobs: JobConnections;
  readonly exchange: Pick<JobExchange, "passOf">;
}

/** By protocol: why a connection is not served, for the records. */
const UNSERVED = {
  [JOIN_PROTOCOL]: "no-invitation",
  [JOB_PROTOCOL]: "no-jobs",
  [RENEW_PROTOCOL]: "not-renewable",
} as const;

export class TlsListener {
  readonly #server: Server;
  readonly #gateway: Gateway;
  readonly #talks: ShortTalks;
  readonly #keys = new PeerKeys();
  /** Of connections that are not secured yet. */
  readonly handshakes: Handshakes;
  /** PEM. */
  #trusted: readonly string[];

  constructor(gateway: Gateway, talks: ShortTalks, options: TlsOptions) {
    this.#talks = talks;
    this.#trusted = options.ca;
    this.#gateway = gateway;
    this.handshakes = new Handshakes(gateway, (socket) => this.#server.emit("connection", socket));
    this.#server = createServer({
      ...options,
      requestCert: true,
      // Checked below: Node would close the connection as silently, but we could not count it.
      rejectUnauthorized: false,
      // We have our own deadline, which starts with the connection; Node's would only emit an event.
      handshakeTimeout: 0,
      ALPNProtocols: ["http/1.1", JOIN_PROTOCOL, RENEW_PROTOCOL, JOB_PROTOCOL],
      // No tickets: a resumed session is not verified again, so an expired certificate would stay valid in its ticket.
      secureOptions: constants.SSL_OP_NO_TICKET | constants.SSL_OP_NO_RENEGOTIATION,
    });
    this.#server.on("secureConnection", (socket) => this.#secured(socket));
  }

  /** Sets the certificates for new connections; open ones keep theirs. */
  setOptions(options: TlsOptions): void {
    this.#server.setSecureContext(options);
    this.#trusted = options.ca;
    this.#keys.clear();
  }

  /** Ends connections past their deadline. Call it a few times a second. */
  sweep(): void {
    const now = performance.now();
    this.handshakes.sweep(now);
    for (const talk of this.#allTalks) talk.sweep(now);
  }

  /** Ends all connections that do not speak HTTP, or not yet. */
  close(): void {
    this.handshakes.close();
    for (const talk of this.#allTalks) talk.close();
  }

  get #allTalks() {
    const { joiners, renewers, jobs } = this.#talks;
    return [joiners, renewers, jobs];
  }

  #secured(socket: TLSSocket): void {
    const raw = (socket as unknown as { readonly _parent: Socket | null })._parent;
    if (raw) this.handshakes.end(raw);
    socket.allowHalfOpen = true;
    // Handshakes.admit has already read the peer's address from it
    const { remoteAddress, remotePort } = raw ?? socket;
    const address = formatAddress(remoteAddress, remotePort);
    const group = addressGroup(remoteAddress ?? "");
    const { alpnProtocol: protocol } = socket;
    if (protocol === JOIN_PROTOCOL || protocol === RENEW_PROTOCOL || protocol === JOB_PROTOCOL) {
      this.#talk(socket, protocol, { address, group });
      return;
    }
    if (!socket.authorized) {
      this.handshakes.remember(group, false);
      this.#refuse(socket, address, String(socket.authorizationError ?? "no certificate"));
      return;
    }
    const peer = this.#peerOf(this.#keys.of(socket), address);
    this.handshakes.remember(group, this.#gateway.accept(socket, peer));
  }

  #talk(
    socket: TLSSocket,
    protocol: keyof typeof UNSERVED,
    from: { readonly address: string; readonly group: AddressGroup },
  ): void {
    const { joiners, renewers, jobs } = this.#talks;
    const peer = { ...from, ...publicKeyOf(socket) };
    // Whose key is on the list has places of its own: clients behind one address do not take each other's.
    const ownPlaces = { network: peer.fingerprint, block: peer.fingerprint };
    const takes = {
      [JOIN_PROTOCOL]: () => joiners.take(socket, peer),
      [JOB_PROTOCOL]: () => jobs.take(socket, peer),
      [RENEW_PROTOCOL]: () =>
        renewers.take(socket, {
          ...{ ...peer, group: ownPlaces },
          certificate: ourCertificateOf(socket, this.#trusted),
        }),
    };
    if (!takes[protocol]()) this.#refuse(socket, from.address, UNSERVED[protocol]);
  }

  /** The key of a CI job counts for the client that its token made it. */
  #peerOf({ fingerprint, notAfter }: PeerKey, address: string): Peer {
    const pass = this.#talks.exchange.passOf(fingerprint);
    return pass === null
      ? { address, fingerprint, clientName: null, notAfter }
      : {
          ...{ address, fingerprint: pass.identity, jobKey: fingerprint, clientName: null },
          notAfter: Math.min(notAfter, pass.until),
        };
  }

  #refuse(socket: TLSSocket, address: string, why: string): void {
    this.#gateway.refusePeer(address, why);
    socket.on("error", () => {});
    socket.destroy();
  }
}

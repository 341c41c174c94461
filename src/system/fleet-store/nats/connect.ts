/** One connection to one of a fleet's NATS servers: over TLS, only to those that the list names, given up in time. */
import { isIP } from "node:net";
import { checkServerIdentity, type PeerCertificate } from "node:tls";
import {
  AuthorizationError,
  credsAuthenticator,
  type NatsConnection,
  type TlsOptions,
} from "@nats-io/transport-node";
import { NatsConnectionImpl, setTransportFactory } from "@nats-io/transport-node/lib/nats-base-client.js";
import { nodeResolveHost } from "@nats-io/transport-node/lib/node_transport.js";
import { SECOND_MS } from "../../../base/index.ts";
import type { StoreAddress } from "../../../fleet/index.ts";
import { type Allowance, BoundedTransport, CONNECT_MS } from "./bounded-transport.ts";

export const ANSWER_MS = 10 * SECOND_MS;
/** A server that stands still is noticed after three times this. */
const PING_MS = 5 * SECOND_MS;
const PORT = 4222;

interface Who {
  /** The file of a user's token and seed. */
  readonly credentials: Uint8Array;
  /** Where it gets answers. */
  readonly inbox: string;
  /** What the server may send besides. */
  readonly allowance?: Allowance;
}

/** The library names no host in the handshake, and Node would then check for localhost. */
const tlsFor = (host: string, ca: string | null) => ({
  ...(isIP(host) === 0 ? { servername: host } : {}),
  ...(ca === null ? {} : { ca }),
  checkServerIdentity: (_: string, certificate: PeerCertificate) => checkServerIdentity(host, certificate),
});

/** As {@link NatsConnection.getServer} has it. */
function serverOf(url: string): string {
  const { hostname, port } = new URL(url);
  return `${hostname}:${port === "" ? PORT : port}`;
}

/** @throws Error with foreign text */
function connectToOne(
  url: string,
  ca: string | null,
  { credentials, inbox, allowance }: Who,
): Promise<NatsConnection> {
  const host = new URL(url).hostname.replace(/^\[|\]$/g, "");
  setTransportFactory({ factory: () => new BoundedTransport(allowance), dnsResolveFn: nodeResolveHost });
  return NatsConnectionImpl.connect({
    servers: serverOf(url),
    // With it, the library refuses a server that offers no TLS, before it sends anything.
    tls: tlsFor(host, ca) as TlsOptions,
    authenticator: credsAuthenticator(credentials),
    inboxPrefix: inbox,
    // A server could name others.
    ignoreClusterUpdates: true,
    reconnect: false,
    timeout: 2 * CONNECT_MS,
    pingInterval: PING_MS,
    maxPingOut: 2,
  });
}

interface Order {
  /** A server that has just failed: it may stand still, and is tried last. */
  readonly lost?: string | null;
  /** One that has just answered: it is tried first. */
  readonly near?: string | null;
}

function shuffled(urls: readonly string[], { lost = null, near = null }: Order): string[] {
  const place = (server: string) => (server === near ? -1 : server === lost ? 1 : Math.random());
  return urls
    .map((url) => ({ url, at: place(serverOf(url)) }))
    .sort((one, other) => one.at - other.at)
    .map(({ url }) => url);
}

/**
 * To the first server that answers, in an order of its own each time: many hosts are to spread over the servers. Does not connect
 * again when the connection is lost: that is for whoever needs it.
 * @throws Error with foreign text
 */
export async function connectTo(
  { urls, ca }: StoreAddress,
  who: Who,
  order: Order = {},
): Promise<NatsConnection> {
  let failure = new Error("it has no servers");
  for (const url of shuffled(urls, order))
    try {
      return await connectToOne(url, ca, who);
    } catch (error) {
      failure = new Error(`${new URL(url).host}: ${(error as Error).message}`, { cause: error });
    }
  throw failure;
}

/** @returns whether servers do not know the credentials */
export const isRefused = (error: unknown): boolean =>
  error instanceof AuthorizationError || (error instanceof Error && isRefused(error.cause));

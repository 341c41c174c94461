/** A fleet's store in NATS, which runs with the certificate and the configuration that its operator makes. */
import {
  type NatsSettings,
  type ServerTrust,
  type StoreAddress,
  serverConfig,
} from "../../../src/fleet/index.ts";
import { serverTrust } from "../../../src/system/fleet-store/nats/trust.ts";
import { makeServerCertificate } from "../../cli/fake-engine.ts";
import { makeCertificates } from "../../cli/sample-line.ts";
import type { PackageRelease } from "../unpacked-program.ts";
import { type NatsServers, natsPorts, startNats } from "./nats-servers.ts";

interface Odd {
  /** Of servers: 1, or a cluster. */
  readonly count?: number;
  readonly release?: PackageRelease;
  /** What the servers know instead. */
  readonly trust?: (trust: ServerTrust) => ServerTrust;
  readonly config?: (text: string) => string;
}

/** @param settings of the operator */
export async function startNatsStore(
  fleet: string,
  settings: NatsSettings,
  { count = 1, release, trust = (same) => same, config = (same) => same }: Odd = {},
): Promise<{ readonly servers: NatsServers; readonly address: StoreAddress }> {
  const certificates = makeCertificates(100);
  const trusted = trust(await serverTrust(settings, fleet));
  const servers = await startNats(
    (paths) => config(serverConfig(fleet, trusted, paths)),
    { ca: certificates.ca, ...makeServerCertificate(certificates) },
    await natsPorts(count),
    "127.0.0.1",
    release,
  );
  return { servers, address: { urls: servers.urls, ca: certificates.ca } };
}

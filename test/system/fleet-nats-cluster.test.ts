/** A fleet's store in a new cluster of NATS servers, of the release that can sync each message to the disk. */
import { expect, test } from "vitest";
import { formatNatsSettings, serverConfig } from "../../src/fleet/index.ts";
import { openNatsOperatorStore } from "../../src/system/fleet-store/nats/operator-store.ts";
import { makeNatsSettings, serverTrust } from "../../src/system/fleet-store/nats/trust.ts";
import { makeServerCertificate } from "../cli/fake-engine.ts";
import { makeCertificates } from "../cli/sample-line.ts";
import { natsPorts, startNats } from "../support/fleet/nats-servers.ts";

const FLEET = "acme";

test("many hosts can be admitted at once to servers that have nothing yet, with sync_interval: always", async () => {
  const [settings, certificates] = [makeNatsSettings(), makeCertificates(100)];
  const trust = await serverTrust(settings, FLEET);
  await using servers = await startNats(
    (paths) => serverConfig(FLEET, trust, paths).replace("# sync_interval", "sync_interval"),
    { ca: certificates.ca, ...makeServerCertificate(certificates) },
    await natsPorts(3),
    "127.0.0.1",
    "trixie",
  );
  const address = { urls: servers.urls, ca: certificates.ca };
  const operator = openNatsOperatorStore({ address, settings: formatNatsSettings(settings) }, FLEET);
  const names = Array.from({ length: 16 }, (_, at) => `host-${at}`);
  const credentials = await Promise.all(names.map((name) => operator.admit(name)));
  expect(new Set(credentials).size).toBe(names.length);
  await operator.publish("list", 1);
  expect(await operator.published()).toBe("list");
  await operator.close();
}, 60_000);

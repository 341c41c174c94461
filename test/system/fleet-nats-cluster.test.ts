/** A fleet's store in a new cluster of NATS servers, of the release that can sync each message to the disk. */
import { encodeAccount, fromSeed } from "@nats-io/jwt";
import { expect, test } from "vitest";
import { formatNatsSettings, serverConfig } from "../../src/fleet/index.ts";
import { connectTo } from "../../src/system/fleet-store/nats/connect.ts";
import { openNatsOperatorStore } from "../../src/system/fleet-store/nats/operator-store.ts";
import {
  accountToken,
  makeNatsSettings,
  operatorCredentials,
  serverTrust,
} from "../../src/system/fleet-store/nats/trust.ts";
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

test("a host is admitted when the servers have heard that the fleet's account may use JetStream", async () => {
  const [settings, certificates] = [makeNatsSettings(), makeCertificates(100)];
  const trust = await serverTrust(settings, FLEET);
  const early = await withoutStorage(settings);
  await using servers = await startNats(
    (paths) => serverConfig(FLEET, { ...trust, account: { ...trust.account, token: early } }, paths),
    { ca: certificates.ca, ...makeServerCertificate(certificates) },
    await natsPorts(1),
  );
  const address = { urls: servers.urls, ca: certificates.ca };
  const operator = openNatsOperatorStore({ address, settings: formatNatsSettings(settings) }, FLEET);
  const connect = async (seed: string, inbox: string) =>
    connectTo(address, { credentials: await operatorCredentials(seed), inbox });
  const [account, system] = [await connect(settings.account, "_A"), await connect(settings.system, "_S")];
  const asked = account.subscribe("$JS.API.STREAM.INFO.*", { max: 2 });
  const admitted = operator.admit("host");
  // The second question is after the first answer. Without a second one, the refusal ends the test.
  const twice = (async () => {
    for await (const _ of asked);
  })();
  await Promise.race([twice, admitted]);
  await system.request("$SYS.REQ.CLAIMS.UPDATE", await accountToken(settings, FLEET, {}), { timeout: 5_000 });
  expect(await admitted).toContain("BEGIN NATS USER JWT");
  await Promise.all([account.close(), system.close(), operator.close()]);
}, 60_000);

/** As a server has it that has not heard of the account's storage yet. */
const withoutStorage = ({ account, operator }: ReturnType<typeof makeNatsSettings>): Promise<string> => {
  const pairOf = (seed: string) => fromSeed(Buffer.from(seed));
  const limits = { subs: -1, data: -1, payload: -1, conn: -1 };
  return encodeAccount("fleet", pairOf(account), { limits } as never, { signer: pairOf(operator) });
};

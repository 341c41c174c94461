/** For which keys and names the machine with the CA key signs, whatever a gateway says. */
import { expect, test, vi } from "vitest";
import { MemoryLines } from "../../../test/support/app/lines.ts";
import { NOW } from "../../../test/support/host-facts.ts";
import { sampleLine } from "../../../test/support/sample-line.ts";
import { DAY_MS, type json } from "../../base/index.ts";
import type { GatewayAccess, GatewayCall } from "../../gateway/index.ts";
import {
  issueServer,
  keyFingerprint,
  makeAuthority,
  makeKeyPair,
  normaliseNames,
  openAuthority,
  readCertificate,
  sameKey,
} from "../../pki/index.ts";
import { renewServer } from "./renew-server.ts";

const ca = await makeAuthority({ subject: "line", now: NOW - 1000 * DAY_MS });
const { publicKey, privateKey: key } = makeKeyPair();
const lineCa = await openAuthority(ca);
const served = (ageDays: number, name = "vps.example", of = publicKey) =>
  issueServer(lineCa, { publicKey: of, names: normaliseNames([name]), now: NOW - ageDays * DAY_MS });

function stage(certificate: string, fields: object = {}, hasKey = true) {
  const lines = new MemoryLines();
  const host = { serverKeys: [keyFingerprint(publicKey)], reachedAt: [], ssh: null };
  const line = sampleLine({ name: "web", mode: "gateway", host, addresses: ["vps.example"], ...fields });
  lines.keep(line, {
    ...{ "line.json": "", "docker/ca.pem": ca.certificate, "docker/cert.pem": "", "docker/key.pem": key },
    ...(hasKey && { "ca/ca-key.pem": ca.privateKey }),
  } as never);
  const sent: string[] = [];
  const call = async <T>(_: GatewayAccess, { method, body }: GatewayCall, _read: json.Read<T>) => {
    if (method === "PUT") sent.push((body as { certificate: string }).certificate);
    return { certificate } as T;
  };
  const passphrase = vi.fn(async () => "");
  const ports = { lines, env: {}, clock: () => NOW, passphrase, gateway: { call, lines: vi.fn() } };
  return { sent, run: () => renewServer(ports as never, "web") };
}

test("a certificate with a third of its life left is renewed for the same key and the recorded names", async () => {
  const { sent, run } = stage(await served(300));
  expect(await run()).toEqual({ renewed: true, until: readCertificate(sent[0] ?? "").notAfter });
  expect(sameKey(sent[0] ?? "", publicKey)).toBe(true);
  expect(readCertificate(sent[0] ?? "").names).toEqual([{ type: "dns", value: "vps.example" }]);
});

test("names that only the gateway claims are not signed", async () => {
  const { sent, run } = stage(await served(300, "bank.example"));
  await run();
  expect(readCertificate(sent[0] ?? "").names).toEqual([{ type: "dns", value: "vps.example" }]);
});

test("a key that was not recorded for the host gets nothing", async () => {
  const { sent, run } = stage(await served(300, "vps.example", makeKeyPair().publicKey));
  await expect(run()).rejects.toMatchObject({
    code: "RENEW_REFUSED",
    message: expect.stringContaining("another key"),
  });
  expect(sent).toEqual([]);
});

test("nothing is sent when it is not due, in native mode, and without the CA key", async () => {
  const [due, young] = [await served(300), await served(100)];
  for (const [{ sent, run }, answer] of [
    [stage(young), { renewed: false, until: readCertificate(young).notAfter }],
    [stage(due, { mode: "native" }), null],
    [stage(due, { joined: true }, false), null],
  ] as const) {
    expect(await run()).toEqual(answer);
    expect(sent).toEqual([]);
  }
});

/** dockerd of a line with server certificates that are wrong, one after the other, made by openssl with the line's own CA. */
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, test } from "vitest";
import { type LineStage, makeLineStage, RESTART } from "../support/line-stage.ts";
import { type Authority, type LeafOptions, OpensslPki } from "../system/openssl-pki.ts";

interface Row {
  readonly name: string;
  /** Of the certificate; `IP` and `IP6` stand for the host's addresses. */
  readonly leaf: LeafOptions;
  /** Signed by another CA of the same name. */
  readonly twin?: true;
  readonly finds: string;
  readonly says: string;
}

const SAN = "IP:IP,IP:IP6";
const [LONG_AGO, A_YEAR_AGO, LATER] = ["200101000000Z", "210101000000Z", "491231000000Z"];

const ROWS: readonly Row[] = [
  {
    name: "expired",
    leaf: { san: SAN, from: LONG_AGO, to: A_YEAR_AGO },
    finds: "medium server-certificate-expired IP:2376, IP6:2376",
    says: "the server's certificate expired ",
  },
  {
    name: "not yet valid",
    leaf: { san: SAN, from: "20400101000000Z", to: "20410101000000Z" },
    finds: "medium server-certificate-not-yet-valid IP:2376, IP6:2376",
    says: "the server's certificate is only valid from 2040-01-01 00:00 UTC",
  },
  {
    name: "the wrong subjectAltName",
    leaf: { san: "DNS:other.example,IP:192.0.2.1", to: LATER },
    finds: "medium server-certificate-name IP:2376, IP6:2376",
    says: "the server's certificate is not for IP",
  },
  {
    name: "a name, and clients dial an address",
    leaf: { san: "DNS:vps.example", to: LATER },
    finds: "medium server-certificate-name IP:2376, IP6:2376",
    says: "the server's certificate is for names only, and clients dial the address IP",
  },
  {
    name: "the address as common name only",
    leaf: { cn: "IP", to: LATER },
    finds: "medium server-certificate-name IP:2376, IP6:2376",
    says: "the server's certificate carries a common name only, which clients no longer read",
  },
  {
    name: "meant for clients",
    leaf: { san: SAN, usage: "clientAuth", to: LATER },
    finds: "medium server-certificate-usage IP:2376, IP6:2376",
    says: "the server's certificate is not for serverAuth",
  },
  {
    name: "another CA's of the same name",
    leaf: { san: SAN, to: LATER },
    twin: true,
    finds: "medium server-certificate-other-ca IP:2376, IP6:2376",
    says: "the server's certificate was not issued by the line's CA",
  },
];

const FILES = "/etc/tetherdock";
let stage: LineStage;
let pki: OpensslPki;
let [own, twin]: Authority[] = [];

beforeAll(async () => {
  stage = await makeLineStage("cert");
  const read = (name: string) => readFile(join(stage.laptop.home, "lines", stage.host.name, name), "utf8");
  pki = new OpensslPki();
  own = pki.adopt({ certPem: await read("docker/ca.pem"), keyPem: await read("ca/ca-key.pem") });
  twin = pki.authority(stage.host.name);
});
afterAll(async () => {
  pki.remove();
  await stage[Symbol.asyncDispose]();
});

const put = (name: string, text: string): string => `cat >${FILES}/${name} <<'E'\n${text}\nE\n`;

/** Makes it, and lets dockerd serve it. */
async function serve({ name, leaf, twin: isTwin, finds, says }: Row): Promise<void> {
  const { ip, ip6 } = stage.host;
  const here = (text: string) => text.replaceAll("IP6", ip6).replaceAll(/\bIP\b(?!:)/g, ip);
  const options = Object.fromEntries(Object.entries(leaf).map(([key, value]) => [key, here(value)]));
  const { certPem, keyPem } = (isTwin ? twin : own)?.leaf(options) ?? { certPem: "", keyPem: "" };
  await stage.suffer({
    name,
    spoil: `[ -e /root/old ] || cp -a ${FILES} /root/old
      ${put("server-cert.pem", certPem)}${put("server-key.pem", keyPem)}${RESTART}`,
    mend: "true",
    finds: [finds],
    says: here(says),
  });
}

test.for(ROWS.map((row) => [row.name, row] as const))("%s", ([, row]) => serve(row));

test("expires in a day; renewed on disk while dockerd still serves the old one", async () => {
  const ending = "medium server-certificate-expires-soon IP:2376, IP6:2376";
  await serve({
    name: "over in a day",
    leaf: { san: SAN },
    finds: ending,
    says: "the server's certificate expires in 0 days",
  });
  await stage.suffer({
    name: "renewed, not restarted",
    spoil: `cp -a /root/old/. ${FILES}`,
    mend: RESTART,
    finds: [
      ending,
      "medium served-certificate-not-on-disk IP:2376",
      "medium served-certificate-not-on-disk IP6:2376",
    ],
  });
  await stage.expectHealthy();
});

/** Proxies in front of an engine, as people set them up: each from outside alone, all together, and in a container. */
import { afterAll, beforeAll, expect, test } from "vitest";
import { doctor, expectFindings, leavingNoTrace, shortFindings } from "../support/doctor.ts";
import { bootHost, type Host } from "../support/host.ts";
import { type Laptop, makeLaptop } from "../support/laptop.ts";
import { askedNginx, putNginx, startNginx } from "../support/nginx.ts";
import { destinationOf } from "../support/up-and-down.ts";
import { OpensslPki } from "../system/openssl-pki.ts";

/** Server block and what is found at it, from outside alone. */
const FRONTS: Readonly<Record<number, readonly [lines: string, finds: readonly string[]]>> = {
  8401: ["", ["critical no-client-auth IP:8401", "info proxy-in-front IP:8401"]],
  // Asks for a certificate, and forgets to verify it.
  8402: [
    "ssl_verify_client optional_no_ca; if ($ssl_client_raw_cert = '') { return 403; }",
    ["critical untrusted-admitted IP:8402", "info proxy-in-front IP:8402"],
  ],
  8403: [
    "ssl_verify_client on; ssl_protocols TLSv1 TLSv1.1 TLSv1.2; ssl_ciphers ALL:@SECLEVEL=0;",
    ["medium weak-tls IP:8403"],
  ],
  8404: ["ssl_verify_client on; ssl_protocols TLSv1.2 TLSv1.3;", []],
};
const PORTS = Object.keys(FRONTS);

let host: Host;
let laptop: Laptop;
let pki: OpensslPki;

beforeAll(async () => {
  host = await bootHost({ name: "front" });
  laptop = await makeLaptop(host.sshConfig);
  pki = new OpensslPki();
  const ca = pki.authority();
  await putNginx(host, {
    fronts: Object.fromEntries(Object.entries(FRONTS).map(([port, [lines]]) => [port, lines])),
    certificate: ca.leaf({ san: `IP:${host.ip},IP:${host.ip6}`, to: "491231000000Z" }),
    clientCa: ca.certPem,
  });
  await startNginx(host, 8404);
});
afterAll(async () => {
  pki.remove();
  await laptop[Symbol.asyncDispose]();
  await host[Symbol.asyncDispose]();
});

test("each from outside only, all in one run; they get only GET /_ping", async () => {
  const { status, reports } = await leavingNoTrace(host, () =>
    doctor(laptop, ...PORTS.map((port) => `${host.ip}:${port}`)),
  );
  const found = reports.map((report, at) => [Number(PORTS[at]), shortFindings(report, host)]);
  expect(Object.fromEntries(found)).toEqual(
    Object.fromEntries(Object.entries(FRONTS).map(([port, [, finds]]) => [port, finds.toSorted()])),
  );
  expect(status, "that of the worst").toBe(13);
  const asked = (await askedNginx(host)).map((line) => line.replace(/^\d+ /, ""));
  expect(new Set(asked)).toEqual(new Set(["GET /_ping HTTP/1.1"]));
});

test("from inside and outside: found without being named, with the process that listens", async () => {
  const fromOutside = Object.values(FRONTS).flatMap(([, finds]) => finds);
  const fromInside = [8401, 8402].map((port) => `high api-port-held-by-other TCP ${port}`);
  const words = [destinationOf(host)];
  const { findings } = await expectFindings(laptop, host, {
    words,
    findings: [...fromOutside, ...fromInside],
  });
  const held = findings.filter(({ check }) => check === "api-port-held-by-other");
  for (const { says } of held) expect(says).toContain("nginx");
});

test("the same nginx in a container that has docker.sock and publishes a port", async () => {
  const mounts = ["/usr:/usr", "/usr/lib:/lib", "/usr/lib64:/lib64", "/etc/front:/etc/front", "/var:/var"];
  const volumes = [
    ...mounts,
    "/etc/passwd:/etc/passwd",
    "/etc/group:/etc/group",
    "/run/docker.sock:/run/docker.sock",
  ];
  await host.root(`set -e; systemctl stop front.service; mk-tiny
    docker run -d --restart always --stop-signal KILL --name relay -p 8405:8401 ${volumes.map((one) => `-v ${one}`).join(" ")} \
      tiny /usr/local/sbin/nginx -c /etc/front/nginx.conf
    timeout 20 sh -c 'until curl -kso /dev/null https://127.0.0.1:8405/_ping; do sleep 0.1; done'`);
  await expectFindings(laptop, host, {
    words: [destinationOf(host)],
    findings: [
      "critical no-client-auth IP:8405",
      "critical socket-published container relay",
      "info proxy-in-front IP:8405",
    ],
  });
});

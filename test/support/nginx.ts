/** nginx on a test host, in front of docker.sock: Debian's package, unpacked but not installed. */
import { existsSync } from "node:fs";
import { mkdir } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import type { Pair } from "../system/openssl-pki.ts";
import type { Host } from "./host.ts";
import { mustRun } from "./run.ts";

const CACHE = fileURLToPath(new URL("../../.cache/nginx/", import.meta.url));
const FOLDER = "/etc/front";
/** The requests it received, one line each. */
const LOG = "/var/log/front";

async function unpacked(): Promise<string> {
  const binary = `${CACHE}usr/sbin/nginx`;
  if (existsSync(binary)) return binary;
  await mkdir(CACHE, { recursive: true });
  await mustRun([
    "sh",
    "-c",
    'cd "$1" && apt-get download -qq nginx && dpkg-deb -x nginx_*.deb .',
    "sh",
    CACHE,
  ]);
  return binary;
}

/** One server block for each port, with its settings besides the certificate. */
export type Fronts = Readonly<Record<number, string>>;

function server([port, lines]: readonly [string, string], socket: string): string {
  return `server { listen ${port} ssl; listen [::]:${port} ssl; ${lines}
    location / { proxy_pass http://unix:${socket}; } }`;
}

function configuration(fronts: Fronts, socket: string): string {
  const servers = Object.entries(fronts).map((front) => server(front, socket));
  return `user root; worker_processes 1; daemon off; pid ${FOLDER}/pid; error_log stderr;
events {}
http { log_format asked '$server_port $request'; access_log ${LOG} asked;
  ssl_certificate ${FOLDER}/cert.pem; ssl_certificate_key ${FOLDER}/key.pem; ssl_client_certificate ${FOLDER}/ca.pem;
  ${servers.join("\n")}
}`;
}

/** nginx's settings. */
export interface NginxOptions {
  readonly fronts: Fronts;
  readonly certificate: Pair;
  /** PEM: the CA of the clients that it admits if it requires certificates. */
  readonly clientCa: string;
}

/** Installs nginx, its configuration and certificates on the host; nothing runs yet. */
export async function putNginx(
  host: Host,
  options: NginxOptions,
  socket = "/run/docker.sock",
): Promise<void> {
  const { fronts, certificate, clientCa } = options;
  const files = {
    "nginx.conf": configuration(fronts, socket),
    "cert.pem": certificate.certPem,
    "key.pem": certificate.keyPem,
    "ca.pem": clientCa,
  };
  await mustRun([
    "scp",
    "-q",
    "-F",
    host.sshConfig,
    await unpacked(),
    `${host.user}@${host.name}:/tmp/nginx`,
  ]);
  const writes = Object.entries(files).map(
    ([name, text]) => `cat >${FOLDER}/${name} <<'END'\n${text}\nEND\n`,
  );
  await host.root(
    `set -e; install -m 755 /tmp/nginx /usr/local/sbin/nginx; mkdir -p /var/lib/nginx ${FOLDER}\n${writes.join("")}`,
  );
}

/** Starts it as a separate unit, and waits until it serves the port. */
export async function startNginx(host: Host, port: number): Promise<void> {
  await host.root(`set -e
    systemd-run -q --unit front -p Type=exec /usr/local/sbin/nginx -c ${FOLDER}/nginx.conf
    timeout 20 sh -c 'until curl -kso /dev/null https://127.0.0.1:${port}/_ping; do sleep 0.1; done'
    : >${LOG}`);
}

/** @returns `PORT METHOD TARGET` of all requests since its start, each once, sorted */
export async function askedNginx(host: Host): Promise<string[]> {
  return (await host.root(`sort -u ${LOG}`)).trim().split("\n").filter(Boolean);
}

/** What to paste into a tool's configuration, and where in the folder its files go. */
import { join } from "node:path";
import { formatEndpoint } from "../../engine/index.ts";
import type { PresetName } from "../../policy/index.ts";

export interface Place {
  /** Of the engine, as the line has it. */
  readonly host: string;
  readonly port: number;
  /** With ca.pem, cert.pem and key.pem. */
  readonly folder: string;
}

const address = ({ host, port }: Place): string => formatEndpoint({ host, port });
const file = ({ folder }: Place, name: string): string => join(folder, `${name}.pem`);

/** YAML reads JSON's strings too. */
function yaml(text: string): string {
  return /^[\w./-]+$/.test(text) ? text : JSON.stringify(text);
}

/** Docker's own variables. */
const variables = (place: Place): string[] => [
  `DOCKER_HOST=tcp://${address(place)}`,
  "DOCKER_TLS_VERIFY=1",
  `DOCKER_CERT_PATH=${place.folder}`,
];

const SNIPPETS: Readonly<Record<PresetName, (place: Place) => readonly string[]>> = {
  portainer: (place) => [
    "# Portainer: Environments, Add environment, Docker Standalone, API",
    `Docker API URL: ${address(place)}`,
    "TLS: on, with server and client verification",
    `TLS CA certificate: ${file(place, "ca")}`,
    `TLS certificate:    ${file(place, "cert")}`,
    `TLS key:            ${file(place, "key")}`,
  ],
  traefik: (place) => [
    "# traefik.yml",
    "providers:",
    "  docker:",
    `    endpoint: "tcp://${address(place)}"`,
    "    tls:",
    `      ca: ${yaml(file(place, "ca"))}`,
    `      cert: ${yaml(file(place, "cert"))}`,
    `      key: ${yaml(file(place, "key"))}`,
  ],
  watchtower: (place) => [
    "# Watchtower, in a container with this folder at /etc/ssl/docker, and the option --tlsverify",
    ...variables({ ...place, folder: "/etc/ssl/docker" }),
  ],
  "uptime-kuma": (place) => [
    `# Uptime Kuma: mount this folder's parent at /app/data/docker-tls; it finds ${place.host}/ by the host's name`,
    "Connection type: TCP / HTTP",
    `Docker daemon:   https://${address(place)}`,
  ],
  dozzle: (place) => [
    `# Dozzle, in a container with ${place.folder} at /certs`,
    `DOZZLE_REMOTE_HOST=tcp://${address(place)}`,
  ],
  prometheus: (place) => [
    "# prometheus.yml",
    "scrape_configs:",
    "  - job_name: docker",
    "    docker_sd_configs:",
    `      - host: https://${address(place)}`,
    "        tls_config:",
    `          ca_file: ${yaml(file(place, "ca"))}`,
    `          cert_file: ${yaml(file(place, "cert"))}`,
    `          key_file: ${yaml(file(place, "key"))}`,
  ],
  "gitlab-runner": (place) => [
    "# config.toml of the runner",
    "[[runners]]",
    '  executor = "docker"',
    "  [runners.docker]",
    `    host = "tcp://${address(place)}"`,
    `    tls_cert_path = ${JSON.stringify(place.folder)}`,
    "    tls_verify = true",
  ],
  "github-runner": (place) => ["# .env in the runner's folder", ...variables(place)],
  vscode: (place) => [
    "// settings.json",
    '"containers.environment": {',
    ...variables(place).map((line, index, all) => {
      const [name = "", value = ""] = line.split(/=(.*)/s);
      return `  ${JSON.stringify(name)}: ${JSON.stringify(value)}${index < all.length - 1 ? "," : ""}`;
    }),
    "}",
  ],
  ci: (place) => ["# variables of the job; key.pem is a secret", ...variables(place)],
};

/** Where a tool looks for the files below the folder that was asked for. */
export const filesIn = (preset: PresetName | undefined, out: string, host: string): string =>
  preset === "uptime-kuma" ? join(out, host) : out;

export const snippetOf = (preset: PresetName, place: Place): readonly string[] => SNIPPETS[preset](place);

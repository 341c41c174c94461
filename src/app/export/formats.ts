/** What each format of `export` writes, as data. */
import { join } from "node:path";
import { dockerHost } from "../../engine/index.ts";
import { type Line, lineEndpoint } from "../../line/index.ts";
import { formatPkcs12 } from "../../pki/index.ts";
import { sealArchive } from "./archive.ts";
import { oneValue } from "./one-value.ts";

/** The client's part of a line. */
export interface Bundle {
  readonly line: Line;
  /** PEM. */
  readonly ca: string;
  readonly cert: string;
  readonly key: string;
  /** Of the key, as on a gateway's client list. */
  readonly fingerprint: string;
}

export type Files = Readonly<Record<string, string | Uint8Array>>;

interface Folder {
  readonly kind: "folder";
  /** @param folder absolute; files may name each other @returns the key first, for `writeIssued` */
  files(bundle: Bundle, folder: string): Files;
}

interface File {
  readonly kind: "file";
  /** After the line's name. */
  readonly ending: string;
  readonly isEncrypted: boolean;
  /** @param password empty if the format is not encrypted */
  content(bundle: Bundle, password: string): Promise<string | Uint8Array> | string;
}

const pems = ({ ca, cert, key }: Bundle) => ({ "key.pem": key, "ca.pem": ca, "cert.pem": cert });
const hostOf = ({ line }: Bundle): string => dockerHost(lineEndpoint(line));
const base64 = (text: string): string => Buffer.from(text).toString("base64");
const page = (lines: readonly string[]): string => `${lines.join("\n")}\n`;

/** One value in each line and no quoting, as `docker run --env-file`, systemd and CI systems read it. */
const environment = (bundle: Bundle): string =>
  page([
    `DOCKER_HOST=${hostOf(bundle)}`,
    "DOCKER_TLS_VERIFY=1",
    `DOCKER_CA_PEM_BASE64=${base64(bundle.ca)}`,
    `DOCKER_CERT_PEM_BASE64=${base64(bundle.cert)}`,
    `DOCKER_KEY_PEM_BASE64=${base64(bundle.key)}`,
  ]);

/** A line's name is a valid name for a secret. */
const secret = (bundle: Bundle): string =>
  page([
    "apiVersion: v1",
    "kind: Secret",
    "metadata:",
    `  name: docker-${bundle.line.name}`,
    "type: Opaque",
    "data:",
    `  DOCKER_HOST: ${base64(hostOf(bundle))}`,
    `  ca.pem: ${base64(bundle.ca)}`,
    `  cert.pem: ${base64(bundle.cert)}`,
    `  key.pem: ${base64(bundle.key)}`,
  ]);

/** Options that every module of community.docker has; `ca_cert` in all its releases. */
const moduleDefaults = (bundle: Bundle, folder: string): string =>
  page([
    "docker_line:",
    `  docker_host: ${JSON.stringify(hostOf(bundle))}`,
    "  validate_certs: true",
    `  ca_cert: ${JSON.stringify(join(folder, "ca.pem"))}`,
    `  client_cert: ${JSON.stringify(join(folder, "cert.pem"))}`,
    `  client_key: ${JSON.stringify(join(folder, "key.pem"))}`,
  ]);

/** The docker provider takes PEM texts, not only files. */
const variables = (bundle: Bundle): string =>
  `${JSON.stringify(
    {
      docker_host: hostOf(bundle),
      docker_ca_material: bundle.ca,
      docker_cert_material: bundle.cert,
      docker_key_material: bundle.key,
    },
    null,
    2,
  )}\n`;

/** `host` is the value of DOCKER_HOST. */
const secretValue = (bundle: Bundle): string => oneValue({ ...pems(bundle), host: `${hostOf(bundle)}\n` });

const archived = ({ line: { name, address, port }, ca, cert, key }: Bundle, password: string) =>
  sealArchive({ name, address, port, ca, cert, key }, password);

const pkcs12 = ({ line: { name }, ca, cert, key }: Bundle, password: string) =>
  formatPkcs12({ ca, certificate: cert, privateKey: key, name: `docker ${name}` }, password);

export const FORMATS = {
  pem: { kind: "folder", files: pems },
  env: { kind: "file", ending: ".env", isEncrypted: false, content: environment },
  p12: { kind: "file", ending: ".p12", isEncrypted: true, content: pkcs12 },
  kubernetes: { kind: "file", ending: "-secret.yaml", isEncrypted: false, content: secret },
  ansible: {
    kind: "folder",
    files: (bundle, folder) => ({ ...pems(bundle), "docker.yml": moduleDefaults(bundle, folder) }),
  },
  terraform: { kind: "file", ending: ".auto.tfvars.json", isEncrypted: false, content: variables },
  secret: { kind: "file", ending: ".secret", isEncrypted: false, content: secretValue },
  archive: { kind: "file", ending: ".tetherdock", isEncrypted: true, content: archived },
} as const satisfies Readonly<Record<string, Folder | File>>;

export type Format = keyof typeof FORMATS;
export const FORMAT_NAMES = Object.keys(FORMATS) as readonly Format[];

export const formatOf = (name: Format): Folder | File => FORMATS[name];

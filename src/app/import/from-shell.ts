/** `import --from-env`: where docker connects in this shell, and with which certificates. */
import { quoteForeign, shellJoin, TetherdockError } from "../../base/index.ts";
import { TLS_PORT } from "../../engine/index.ts";
import type { LineStore } from "../../line/index.ts";
import type { ImportRequest } from "./import.ts";

export interface Shell {
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Where docker looks for certificates without DOCKER_CERT_PATH; absolute. */
  readonly dockerHome: string;
  /** Of a path that is relative to the working directory. */
  resolve(path: string): string;
}

function unusable(message: string, why: readonly string[], hint: string): TetherdockError {
  return new TetherdockError("USAGE", message, { why, hints: [hint] });
}

const TCP = /^tcp:\/\/([^/?#@]+)\/?$/;

/** What to do instead of importing. */
function notTcp(host: string): TetherdockError {
  const message = `DOCKER_HOST does not name an engine that has certificates: ${quoteForeign(host)}`;
  const [, target] = /^ssh:\/\/([^/?#]+)/.exec(host) ?? [];
  return target === undefined
    ? unusable(message, ["only tcp://NAME:PORT with TLS has them"], "tetherdock doctor")
    : unusable(message, ["ssh has its own keys"], shellJoin(["tetherdock", "up", `ssh://${target}`]));
}

/** @returns NAME:PORT @throws USAGE */
function addressIn(host: string): string {
  const [, place] = TCP.exec(host) ?? [];
  if (place === undefined) throw notTcp(host);
  return /:\d+$/.test(place) ? place : `${place}:${TLS_PORT}`;
}

/** `tetherdock env` may have set the variables. @throws LINE_EXISTS */
async function requireForeign({ list, certPath }: Pick<LineStore, "list" | "certPath">, path: string) {
  const own = (await list()).find((name) => certPath(name) === path);
  if (own !== undefined)
    throw new TetherdockError("LINE_EXISTS", `this shell uses the line "${own}" already`, {
      hints: [shellJoin(["tetherdock", "status", own])],
    });
}

/**
 * Without DOCKER_TLS_VERIFY, docker verifies nobody, or uses no TLS at all: whether these certificates fit is then not known.
 * @throws USAGE; LINE_EXISTS
 */
export async function placeInShell(
  lines: Pick<LineStore, "list" | "certPath">,
  { env, dockerHome, resolve }: Shell,
): Promise<Pick<ImportRequest, "path" | "address">> {
  const { DOCKER_HOST: host, DOCKER_CERT_PATH: folder, DOCKER_TLS_VERIFY: verify } = env;
  if (!host)
    throw unusable(
      "DOCKER_HOST is not set in this shell",
      ["docker uses a context, or the engine of this machine"],
      "tetherdock import ~/.docker --address NAME",
    );
  const address = addressIn(host);
  const path = folder ? resolve(folder) : dockerHome;
  if (!verify)
    throw unusable(
      "DOCKER_TLS_VERIFY is not set in this shell",
      ["docker does not verify the engine then"],
      shellJoin(["tetherdock", "import", path, "--address", address]),
    );
  await requireForeign(lines, path);
  return { path, address };
}

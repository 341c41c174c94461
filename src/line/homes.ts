/** Finds the folders on this machine. Pure: environment and platform are parameters. */
import { posix, win32 } from "node:path";

/** The inputs that determine these folders. */
export interface Environment {
  readonly env: Readonly<Record<string, string | undefined>>;
  /** `process.platform`. */
  readonly platform: string;
  /** The user's home directory. */
  readonly home: string;
  readonly cwd: string;
}

/**
 * tetherdock's own folder: `$TETHERDOCK_HOME`, else by platform.
 * A relative `$XDG_CONFIG_HOME` is ignored, as the XDG Base Directory Specification asks.
 * @returns an absolute path: `DOCKER_CERT_PATH` points into it from any working directory
 */
export function tetherdockHome({ env, platform, home, cwd }: Environment): string {
  const path = platform === "win32" ? win32 : posix;
  const own = env["TETHERDOCK_HOME"];
  if (own) return path.resolve(cwd, own);
  const roaming = env["APPDATA"];
  if (platform === "win32") return path.join(roaming || path.join(home, "AppData", "Roaming"), "tetherdock");
  const xdg = env["XDG_CONFIG_HOME"];
  return path.join(xdg && path.isAbsolute(xdg) ? xdg : path.join(home, ".config"), "tetherdock");
}

/**
 * The docker CLI's folder: `$DOCKER_CONFIG`, else `~/.docker` (docker/cli, cli/config).
 * @returns an absolute path
 */
export function dockerHome({ env, platform, home, cwd }: Environment): string {
  const path = platform === "win32" ? win32 : posix;
  return path.resolve(cwd, env["DOCKER_CONFIG"] || path.join(home, ".docker"));
}

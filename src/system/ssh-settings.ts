/** What ssh would do for a destination, by its own account: `ssh -G` reads the user's configuration and connects to nothing. */
import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { classifySshFailure } from "../host/index.ts";
import type { SshPlace } from "../line/index.ts";
import { knownHostKeys } from "./known-host-keys.ts";

const DEFAULT_PORT = 22;
const CONNECT_TIMEOUT_S = 20;
const ALIVE_INTERVAL_S = 10;
// Given up after 70 s of silence: a busy host may need more than half a minute, the host's own undo waits for 120 s.
const ALIVE_COUNT_MAX = 6;

/** The settings that matter to us. */
export interface SshSettings {
  /** Where ssh connects, and the host keys this laptop knows for it. */
  readonly place: SshPlace;
  /** Where ssh connects: name or address, aliases resolved. */
  readonly hostname: string;
  /** Whether it goes through another host. */
  readonly jumps: boolean;
  /** Options that we want and that the user's configuration does not set, or not strictly enough. */
  readonly options: readonly string[];
}

/** @throws SSH_MISSING, SSH_CONFIG and others as classified */
export async function sshSettings(destination: string): Promise<SshSettings> {
  const { stdout } = await promisify(execFile)("ssh", ["-G", "--", destination]).catch((error) => {
    const status = typeof error.code === "number" ? error.code : null;
    throw classifySshFailure({ status, stderr: error.stderr || error.message, destination });
  });
  const get = (key: string) => new RegExp(`^${key} (.*)$`, "m").exec(stdout)?.[1];
  const unset = (key: string) => [undefined, "none", "0"].includes(get(key));
  const aliveS = Number(get("serveraliveinterval") ?? 0);
  const hostname = get("hostname") ?? destination;
  const place = {
    hostname,
    port: Number(get("port") ?? DEFAULT_PORT),
    user: get("user") ?? "",
    hostKeyAlias: get("hostkeyalias") ?? null,
  };
  const files = [get("userknownhostsfile"), get("globalknownhostsfile")].flatMap(
    (value) => value?.split(" ") ?? [],
  );
  return {
    place: { ...place, hostKeys: await knownHostKeys(place, files) },
    hostname,
    jumps: !unset("proxyjump") || !unset("proxycommand"),
    options: [
      ...(unset("connecttimeout") ? ["-o", `ConnectTimeout=${CONNECT_TIMEOUT_S}`] : []),
      // A dead connection must be noticed before the host's own undo fires. Debian's ssh has 300 s with BatchMode.
      ...(aliveS === 0 || aliveS > ALIVE_INTERVAL_S
        ? ["-o", `ServerAliveInterval=${ALIVE_INTERVAL_S}`, "-o", `ServerAliveCountMax=${ALIVE_COUNT_MAX}`]
        : []),
    ],
  };
}

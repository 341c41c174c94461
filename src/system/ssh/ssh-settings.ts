/** Asks ssh what it would do for a destination: `ssh -G` reads the user's configuration and connects to nothing. */
import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { classifySshFailure, sshArguments } from "../../host/index.ts";
import type { SshPlace } from "../../line/index.ts";
import { knownHostKeys } from "./known-host-keys.ts";

const DEFAULT_PORT = 22;
const CONNECT_TIMEOUT_S = 20;
const ALIVE_INTERVAL_S = 10;
// ssh gives up after 70 s of silence: a busy host may need more than half a minute, and the host's own undo waits 120
// s.
const ALIVE_COUNT_MAX = 6;

/** The settings that matter to us. */
export interface SshSettings {
  /** Where ssh connects, and the host keys this laptop knows for it. */
  readonly place: SshPlace;
  /** Where ssh connects: name or address, aliases resolved. */
  readonly hostname: string;
  /** Whether ssh connects through another host. */
  readonly jumps: boolean;
  /** Whether the configuration has a RemoteCommand for this host, which prevents any other command. */
  readonly hasRemoteCommand: boolean;
  /** Options that we add because the user's configuration does not set them, or not strictly enough. */
  readonly options: readonly string[];
}

/**
 * Settings for people at a terminal that get in the way of our shell: the name that `ssh -G` prints, the harmless
 * values, and the option that we set instead. An option that -G does not print is not set, because an older ssh would
 * refuse it.
 */
const IN_THE_WAY: readonly (readonly [key: string, harmless: RegExp, option: string])[] = [
  ["remotecommand", /^none$/, "RemoteCommand=none"],
  ["sessiontype", /^default$/, "SessionType=default"],
  ["forkafterauthentication", /^no$/, "ForkAfterAuthentication=no"],
  ["stdinnull", /^no$/, "StdinNull=no"],
  // With a forwarded agent or ticket, a compromised host could log in to other hosts while we are connected.
  ["forwardagent", /^no$/, "ForwardAgent=no"],
  ["gssapidelegatecredentials", /^no$/, "GSSAPIDelegateCredentials=no"],
  // Otherwise ssh would not print why it failed.
  ["loglevel", /^(?!QUIET|FATAL)/, "LogLevel=ERROR"],
];

/**
 * Forwarded ports and displays are for interactive sessions; a port that is already in use would end ours
 * (ExitOnForwardFailure).
 */
const ALWAYS = ["-o", "ClearAllForwardings=yes", "-o", "ForwardX11=no", "-o", "PermitLocalCommand=yes"];

/** @throws SSH_MISSING, SSH_CONFIG and others as classified */
export async function sshSettings(destination: string): Promise<SshSettings> {
  const { stdout } = await promisify(execFile)("ssh", ["-G", ...sshArguments(destination)]).catch((error) => {
    const status = typeof error.code === "number" ? error.code : null;
    throw classifySshFailure({ status, stderr: error.stderr || error.message, destination });
  });
  const get = (key: string) => new RegExp(`^${key} (.*)$`, "m").exec(stdout)?.[1];
  const unset = (key: string) => [undefined, "none", "0"].includes(get(key));
  const inTheWay = IN_THE_WAY.filter(([key, harmless]) => {
    const value = get(key);
    return value !== undefined && !harmless.test(value);
  });
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
    hasRemoteCommand: inTheWay.some(([key]) => key === "remotecommand"),
    options: [
      ...ALWAYS,
      ...inTheWay.flatMap(([, , option]) => ["-o", option]),
      ...(unset("connecttimeout") ? ["-o", `ConnectTimeout=${CONNECT_TIMEOUT_S}`] : []),
      // A dead connection must be noticed before the host's own undo starts. Debian's ssh uses 300 s with BatchMode.
      ...(aliveS === 0 || aliveS > ALIVE_INTERVAL_S
        ? ["-o", `ServerAliveInterval=${ALIVE_INTERVAL_S}`, "-o", `ServerAliveCountMax=${ALIVE_COUNT_MAX}`]
        : []),
    ],
  };
}

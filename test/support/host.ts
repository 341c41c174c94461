/**
 * Real hosts for tests: boots one of `test/hosts` (systemd, sshd, dockerd) and takes it down again.
 * Names carry the test process's pid, so that parallel workers never share a host.
 */
import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { mustRun, type Output, run } from "./run.ts";

/** How docker was installed there; see test/hosts/README.md. */
export type Flavour = "debian" | "upstream" | "coreos";

/** Which Debian it is, and with that the generation of Engine and systemd; see test/hosts/README.md. */
export type Release = "bookworm" | "trixie" | "forky";

export interface HostOptions {
  /** First part of the host's name, for readers of logs. */
  readonly name?: string;
  readonly flavour?: Flavour;
  /** bookworm by default. Call {@link missingRelease} before using forky. */
  readonly release?: Release;
  /** A file of test/hosts/states without its extension. */
  readonly state?: string;
}

const HOSTS = fileURLToPath(new URL("../hosts/", import.meta.url));
const VPS = `${HOSTS}vps`;
const CLIENT = `${HOSTS}client`;
/** Not every sudo has /usr/local in PATH, where mk-tiny is. */
const ROOT_PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";
let booted = 0;

/** A running host. `await using host = await bootHost()` takes it down at the block's end. */
export class Host implements AsyncDisposable {
  readonly name: string;
  readonly flavour: Flavour;
  readonly release: Release;
  readonly ip: string;
  readonly ip6: string;
  /** The default login: root, on coreos core. */
  readonly user: string;
  /** For `ssh -F`; knows all running hosts, so that one can be another's jump host. */
  readonly sshConfig: string;
  readonly knownHosts: string;
  readonly key: string;

  /** @param env the output of `vps env NAME` */
  constructor(name: string, env: string) {
    const values = new Map(env.split("\n").map((line) => line.split("=", 2) as [string, string]));
    const value = (key: string): string => {
      const found = values.get(key);
      if (found === undefined) throw new Error(`vps env ${name} prints no ${key}`);
      return found;
    };
    this.name = name;
    this.flavour = value("VPS_FLAVOUR") as Flavour;
    this.release = value("VPS_RELEASE") as Release;
    this.ip = value("VPS_IP");
    this.ip6 = value("VPS_IP6");
    this.user = value("VPS_USER");
    this.sshConfig = value("VPS_SSH_CONFIG");
    this.knownHosts = value("VPS_KNOWN_HOSTS");
    this.key = value("VPS_KEY");
  }

  /** Runs a shell command there; users: root (not on coreos), core, asker, plain. */
  ssh(command: string, options: { readonly user?: string; readonly input?: string } = {}): Promise<Output> {
    const { user = this.user, input = "" } = options;
    return run(["ssh", "-F", this.sshConfig, "-l", user, this.name, "--", command], input);
  }

  /** Runs a script there as root, whatever the login. */
  async root(script: string): Promise<string> {
    const shell = this.user === "root" ? "sh -s" : `sudo -n env PATH=${ROOT_PATH} sh -s`;
    const { stdout, stderr, status } = await this.ssh(shell, { input: script });
    if (status !== 0) throw new Error(`on ${this.name}: exit status ${status}\n${stderr}${stdout}`);
    return stdout;
  }

  /** Stages test/hosts/states/NAME.sh. */
  async state(name: string): Promise<void> {
    await mustRun([`${HOSTS}state`, this.name, name]);
  }

  /** Back to the pristine disk, booted; addresses and host keys stay. */
  async reset(): Promise<void> {
    await mustRun([VPS, "reset", this.name]);
  }

  /** A clean reboot; resolves when the host is up again. */
  async reboot(): Promise<void> {
    await mustRun([VPS, "reboot", this.name]);
  }

  /** systemd's complaints about units that wait for each other: at boot it leaves one of them out. Empty: none. */
  async orderingCycles(): Promise<string> {
    return this.root("systemd-analyze verify multi-user.target 2>&1 | grep -i cycle || true");
  }

  /**
   * Everything that tetherdock could change, as sorted text: equal before and after means unchanged. /etc,
   * /usr/lib/systemd, /var/lib/tetherdock and docker's units, without times. Compare only between resets of the disk:
   * after a reset dockerd makes a new /etc/docker/key.json.
   */
  async fingerprint(): Promise<string> {
    return this.root(await readFile(`${HOSTS}lib/fingerprint.sh`, "utf8"));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await mustRun([VPS, "down", this.name]);
  }
}

/**
 * Boots a host, pristine except for `state`. The first one of a release on a machine also builds the root file system
 * (30 s).
 */
export async function bootHost(options: HostOptions = {}): Promise<Host> {
  const { name: prefix = "t", flavour = "debian", release = "bookworm", state } = options;
  const name = `${prefix}-${process.pid}-${++booted}`;
  await mustRun([VPS, "down", name]); // left by a killed run that had this pid
  await mustRun([VPS, "up", "--release", release, "--flavour", flavour, name]);
  const host = new Host(name, await mustRun([VPS, "env", name]));
  try {
    if (state !== undefined) await host.state(state);
    return host;
  } catch (cause) {
    await host[Symbol.asyncDispose]();
    throw cause;
  }
}

/**
 * Why there can be no host of this release today, or null. Debian's testing, forky, is sometimes broken; bookworm and
 * trixie are not, and problems with them fail the tests. Prints the reason: untested must not look like tested.
 */
export async function missingRelease(release: Release): Promise<string | null> {
  if (release !== "forky") return null;
  const { status, stdout, stderr } = await run([VPS, "try", release]);
  if (status === 0) return null;
  const reason = stdout.trim() || stderr.trim() || `vps try ${release}: exit status ${status}`;
  console.warn(`SKIPPED: no test on ${release}: ${reason}`);
  return reason;
}

/** The command that runs a release's own docker CLI here. */
export async function dockerOf(release: Release): Promise<string> {
  return `${CLIENT} ${await rootFileSystem(release)} /usr/bin/docker`;
}

/** The folder with the root file system of a release, for `test/hosts/client`; it is built if it does not exist. */
function rootFileSystem(release: Release): Promise<string> {
  return mustRun([VPS, "build", release]);
}

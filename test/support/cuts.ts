/** Interrupts `up` at an exact point, and checks how the host reacts. */
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Host } from "./host.ts";
import type { Laptop } from "./laptop.ts";

const VPS = fileURLToPath(new URL("../hosts/vps", import.meta.url));
const RELAY = fileURLToPath(new URL("./cutting-ssh.ts", import.meta.url));

/** The event at a cut, for CUT_DO of cutting-ssh.ts. */
export const cutBy = {
  /** The connection breaks: the laptop notices at once, and so does the host's sshd. */
  ssh: 'kill -9 "$REAL_SSH"',
  /** The laptop's tetherdock is killed. */
  laptop: 'kill -9 "$LAPTOP"',
} as const;

/** The host reboots cleanly, and is up again before tetherdock notices. */
export function cutByReboot({ name }: Host): string {
  return `"${VPS}" reboot ${name}`;
}

/** The network drops this connection silently: neither end is notified. The host must admit root. */
export function cutBySilence({ name, sshConfig }: Host): string {
  return `port=$(ss -Htnp | grep "pid=$REAL_SSH," | awk '{ print $4 }' | sed 's/.*://')
/usr/bin/ssh -F ${sshConfig} root@${name} "iptables -I INPUT -p tcp --sport $port -j DROP
iptables -I OUTPUT -p tcp --dport $port -j DROP"`;
}

/** From now on {@link cutAt}'s variables take effect on this laptop. */
export async function installCuttingSsh(laptop: Laptop): Promise<void> {
  const ssh = `-F ${laptop.sshConfig} "$@"`;
  await laptop.program(
    "ssh",
    `#!/bin/sh
[ -n "$CUT_AT" ] && [ "$1" != -G ] || exec /usr/bin/ssh ${ssh}
exec ${process.execPath} ${RELAY} ${ssh}
`,
  );
}

/** The environment that cuts a command when the `at`-th script has been answered. */
export function cutAt(at: number, act: string): Record<string, string> {
  return { CUT_AT: String(at), CUT_DO: act };
}

/** A script that `up` runs without reporting it: the host signs with its key before a certificate is made for it. */
export const HELD = "show that the host holds the key";

/** The steps that `up` has reported, and {@link HELD} in its place: one for each answer of the host. */
export function stepsIn(stderr: string): string[] {
  const told =
    /^ {2}((?:open|send|make|install|write|change|remove|link|restart|reload|start|stop|prove|put) .*|confirm)\r?$/gm;
  return [...stderr.matchAll(told)].flatMap(([, step = ""]) =>
    step.startsWith("write the certificate") ? [HELD, step] : [step],
  );
}

/** A complete `up`, with the number of the host's answers. */
export async function watchUp(laptop: Laptop, up: readonly string[]) {
  const log = join(laptop.folder, "answers");
  const startedAt = Date.now();
  const { status, stderr } = await laptop.tetherdock(up, { env: { CUT_AT: "0", CUT_LOG: log } });
  if (status !== 0) throw new Error(`the measuring run failed:\n${stderr}`);
  const answers = (await readFile(log, "utf8")).split("\n").length - 1;
  return { answers, stderr, tookMs: Date.now() - startedAt };
}

/** The units of tetherdock that run, wait or have failed on a host; there are none before and after. */
export async function activeUnits(host: Host): Promise<string> {
  return host.root("systemctl list-units --no-legend 'tetherdock*'");
}

/**
 * Waits, without intervening, until a host is exactly as before and docker answers on it.
 * @param before its fingerprint
 * @returns false at the timeout
 */
export async function returnsTo(host: Host, before: string, withinMs: number): Promise<boolean> {
  const deadline = Date.now() + withinMs;
  do {
    if ((await host.fingerprint()) === before && (await activeUnits(host)) === "") {
      await host.root("docker version >/dev/null");
      return true;
    }
  } while (Date.now() < deadline);
  return false;
}

/** The host's machine stops suddenly without a shutdown, and boots again. */
import type { Host } from "./host.ts";
import { run } from "./run.ts";

const BOOT_WITHIN_MS = 60_000;

// A connection to a machine that has stopped must end by itself.
function briefly(host: Host, command: string) {
  const impatience = ["ConnectTimeout=2", "ServerAliveInterval=1", "ServerAliveCountMax=2"];
  const options = impatience.flatMap((option) => ["-o", option]);
  return run(["ssh", "-F", host.sshConfig, ...options, "-l", host.user, host.name, "--", command]);
}

/**
 * Waits for a moment, cuts the power then, and waits until the host has booted.
 * @param moment a shell command that succeeds on the host once the moment has come; run as root
 */
export async function powerCutAt(host: Host, moment: string): Promise<void> {
  const bootId = "cat /proc/sys/kernel/random/boot_id";
  const before = (await briefly(host, bootId)).stdout;
  const sudo = host.user === "root" ? "" : "sudo -n ";
  await briefly(host, `${sudo}sh -c 'until ${moment}; do sleep 0.01; done; systemctl reboot -ff'`);
  const deadline = Date.now() + BOOT_WITHIN_MS;
  for (;;) {
    const { stdout, status } = await briefly(host, `${bootId}; systemctl is-system-running --wait`);
    if (status === 0 && !stdout.startsWith(before)) return;
    if (Date.now() > deadline) throw new Error(`${host.name} has not come back from a power cut:\n${stdout}`);
  }
}

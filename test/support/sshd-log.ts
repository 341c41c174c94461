/** What a host's sshd saw: the journal says who came in, from where. */
import type { Host } from "./host.ts";

/** Logins from `from` (any address when left out) so far; the one that asks is among them. */
async function logins(host: Host, from: string): Promise<number> {
  const log = await host.root(
    `journalctl --sync; journalctl -b -o cat _COMM=sshd | grep 'Accepted ' || true`,
  );
  return log.split("\n").filter((line) => line.includes(` from ${from}`)).length;
}

/** @returns how many ssh connections the host accepted while `action` ran */
export async function countLogins(host: Host, action: () => Promise<unknown>, from = ""): Promise<number> {
  const before = await logins(host, from);
  await action();
  const asking = from === "" ? 1 : 0; // this test's own, which never comes from another host
  return (await logins(host, from)) - before - asking;
}

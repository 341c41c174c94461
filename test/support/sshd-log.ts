/** The log of a host's sshd: the journal shows who logged in, and from where. */
import type { Host } from "./host.ts";

/** Logins from `from` (default: any address) so far; including the one that runs this query. */
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
  const asking = from === "" ? 1 : 0; // this test's own connection, which never comes from another host
  return (await logins(host, from)) - before - asking;
}

/** Asks the host why a port that it listens on may be unreachable from outside. */

/** The host's answer. */
export interface ReachFacts {
  readonly listening: boolean;
  /** Firewall programs that seem to be active. */
  readonly firewalls: readonly string[];
}

/** @param port TCP port */
export function reachScript(port: number): string {
  const hex = port.toString(16).toUpperCase().padStart(4, "0");
  return `PATH=$PATH:/usr/sbin:/sbin; exec 2>/dev/null
grep -qh ":${hex} .* 0A " /proc/net/tcp /proc/net/tcp6 && echo listening
ufw status | grep -q '^Status: active' && echo ufw
[ "$(firewall-cmd --state)" = running ] && echo firewalld
for p in iptables ip6tables; do $p -S INPUT | grep -qE '^-P INPUT DROP|-j (DROP|REJECT)' && echo $p; done
nft list ruleset | grep -qE 'hook input .*policy drop|dport .* drop' && echo nftables
true`;
}

/** Reads what {@link reachScript} printed. */
export function parseReach(output: string): ReachFacts {
  const words = output.split("\n").filter(Boolean);
  return { listening: words.includes("listening"), firewalls: words.filter((word) => word !== "listening") };
}

const OPEN: Readonly<Record<string, (port: number) => string>> = {
  ufw: (port) => `ufw allow proto tcp from YOUR_ADDRESS to any port ${port}   # on the host`,
  firewalld: (port) =>
    `firewall-cmd --permanent --add-port=${port}/tcp && firewall-cmd --reload   # on the host`,
  iptables: (port) => `iptables -I INPUT -p tcp --dport ${port} -s YOUR_ADDRESS -j ACCEPT   # on the host`,
  ip6tables: (port) => `ip6tables -I INPUT -p tcp --dport ${port} -s YOUR_ADDRESS -j ACCEPT   # on the host`,
  nftables: (port) =>
    `nft insert rule inet filter input tcp dport ${port} ip saddr YOUR_ADDRESS accept   # on the host`,
};

/** Commands that would open the port with these firewalls; we never run them. */
export function openPortHints({ firewalls }: ReachFacts, port: number): string[] {
  const known = firewalls.map((name) => OPEN[name]?.(port)).filter((hint) => hint !== undefined);
  return known.length > 0 ? known : [`open TCP ${port} in your provider's firewall (security group)`];
}

/**
 * Parses addresses that something listens on: `0.0.0.0:2375`, `[::]:2376`, `/run/docker.sock`, and systemd's Listen
 * values.
 */

const INET = /^(?:(.*):)?(\d{1,5})$/;
const NOT_INET = /^(?:[/@]|vsock:)/;

/** The TCP port of an address or a Listen value, which may be only a port; null for unix sockets and other types. */
export function inetPort(listen: string): number | null {
  const port = NOT_INET.test(listen) ? Number.NaN : Number(INET.exec(listen)?.[2]);
  return port > 0 && port < 65_536 ? port : null;
}

/** The host part of an address, without brackets; empty if there is none. */
export function listenHost(listen: string): string {
  return (INET.exec(listen)?.[1] ?? "").replace(/^\[(.*)\]$/, "$1");
}

/** Whether only the host itself can reach this address; IPv4-mapped IPv6 addresses count as IPv4. */
export function isLoopback(host: string): boolean {
  return /^(?:127\.|localhost$|::1$|::ffff:(?:127\.|7f[0-9a-f]{2}:))/i.test(host);
}

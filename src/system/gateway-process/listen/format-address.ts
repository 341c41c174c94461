/** IPv6 in brackets; an IPv4 address that came by an IPv6 socket as what it is. */
export function formatAddress(address: string | undefined, port: number | undefined): string {
  const plain = address?.replace(/^::ffff:(?=\d+\.)/i, "") ?? "?";
  return plain.includes(":") ? `[${plain}]:${port ?? 0}` : `${plain}:${port ?? 0}`;
}

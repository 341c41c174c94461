/** Writes IPv6 addresses in brackets, and IPv4-mapped IPv6 addresses as IPv4. */
export function formatAddress(address: string | undefined, port: number | undefined): string {
  const plain = address?.replace(/^::ffff:(?=\d+\.)/i, "") ?? "?";
  return plain.includes(":") ? `[${plain}]:${port ?? 0}` : `${plain}:${port ?? 0}`;
}

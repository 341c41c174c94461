/** Brings IP addresses into one spelling, so that equal addresses are equal strings. */

const OCTET = "(?:25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])";
const IPV4 = new RegExp(`^${OCTET}(?:\\.${OCTET}){3}$`);
const IPV4_MAPPED = /^::ffff:([0-9a-f]{1,4}):([0-9a-f]{1,4})$/;

function mappedToIpv4(ipv6: string): string | null {
  const match = IPV4_MAPPED.exec(ipv6);
  if (!match) return null;
  const [high, low] = [match[1], match[2]].map((group) => Number.parseInt(group ?? "", 16));
  return [high, low].flatMap((word = 0) => [word >> 8, word & 0xff]).join(".");
}

/**
 * @param text without brackets, port or zone; IPv4 as four decimals without leading zeros, which some programs read as
 *   octal
 * @returns IPv4 as it is; IPv6 as RFC 5952 §4 spells it; an IPv4-mapped address as IPv4; null for anything else
 */
export function canonicalIp(text: string): string | null {
  if (IPV4.test(text)) return text;
  if (!text.includes(":") || !/^[0-9a-f:.]+$/i.test(text)) return null;
  const url = URL.parse(`http://[${text}]`);
  if (!url) return null;
  const ipv6 = url.hostname.slice(1, -1);
  return mappedToIpv4(ipv6) ?? ipv6;
}

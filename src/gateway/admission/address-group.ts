/** Which addresses are counted together: an IPv6 /64 is one network, and a /56 is one customer of most providers. */

export interface AddressGroup {
  /** The IPv4 address, or the IPv6 /64. */
  readonly network: string;
  /** The IPv4 address, or the IPv6 /56. */
  readonly block: string;
}

/** Hexadecimal digits of the fourth group that belong to the /56. */
const WITHIN_BLOCK = 2;

/** @param address as the kernel writes it */
export function addressGroup(address: string): AddressGroup {
  if (!address.includes(":")) return { network: address, block: address };
  const mapped = /^::ffff:([0-9.]+)$/i.exec(address)?.[1];
  if (mapped !== undefined) return { network: mapped, block: mapped };
  const [left = "", right] = address.split("::");
  const before = left === "" ? [] : left.split(":");
  const after = right === undefined || right === "" ? [] : right.split(":");
  const zeros = Array.from({ length: right === undefined ? 0 : 8 - before.length - after.length }, () => "0");
  const parts = [...before, ...zeros, ...after].slice(0, 4);
  const fourth = (parts[3] ?? "0").padStart(4, "0");
  return {
    network: parts.join(":"),
    block: [...parts.slice(0, 3), fourth.slice(0, WITHIN_BLOCK)].join(":"),
  };
}

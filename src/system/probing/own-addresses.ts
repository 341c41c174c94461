/** The addresses of this machine's own interfaces. */
import { networkInterfaces } from "node:os";

/** @returns the addresses, without zones */
export function ownAddresses(): string[] {
  return Object.values(networkInterfaces())
    .flatMap((addresses) => addresses ?? [])
    .map(({ address }) => address.replace(/%.*$/, ""));
}

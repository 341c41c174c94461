import { parseName } from "../../../pki/index.ts";

/** Whether a server name is an address: certificates carry those in another way than names. */
export function isIP(name: string): boolean {
  try {
    return parseName(name).type === "ip";
  } catch {
    return false;
  }
}

/** Options of `client approve`. */
import type { FlagsOf } from "../flags/flags-of.ts";
import { expiresFlag, jsonFlag, lineFlag, offSwitch } from "../flags/parameters.ts";

function parseFingerprint(text: string): string {
  const hex = text.replace(/[\s:]/g, "").toLowerCase();
  if (/^[0-9a-f]{64}$/.test(hex)) return hex;
  throw new Error("a fingerprint has 64 hexadecimal digits, as tetherdock join prints it");
}

export const approveFlags = {
  line: lineFlag,
  fingerprint: {
    kind: "parsed",
    parse: parseFingerprint,
    optional: true,
    brief: "Do not ask: approve the key if its fingerprint is this one",
    placeholder: "hex",
  },
  request: {
    kind: "parsed",
    parse: String,
    optional: true,
    brief: "For a native line: the request that join has printed; - reads stdin. Prints the certificate",
    placeholder: "file",
  },
  expires: { ...expiresFlag, brief: "With --request: end of the certificate, such as 30d (default: 397d)" },
  yes: offSwitch("Do not ask, and do not compare the fingerprint"),
  json: jsonFlag,
} as const;

export type ApproveFlags = FlagsOf<typeof approveFlags>;

/** `export`: the client's part of a line, in the form that another program or machine reads. */
import { shellJoin, TetherdockError } from "../../base/index.ts";
import type { Line, LineStore } from "../../line/index.ts";
import { keyFingerprint } from "../../pki/index.ts";
import type { Bundle } from "./formats.ts";

/**
 * @param isEncrypted whether the format encrypts the key
 * @throws LINE_UNKNOWN, LINE_BROKEN, KEY_UNREADABLE; KEY_PROTECTED for a key that a plain copy would expose
 */
export async function readBundle(
  { lines }: { readonly lines: LineStore },
  name: string,
  isEncrypted: boolean,
): Promise<Bundle> {
  if (!isEncrypted && (await lines.isKeyEncrypted(name)))
    throw new TetherdockError("KEY_PROTECTED", `the key of the line ${name} is encrypted`, {
      why: ["this format would contain an unencrypted copy"],
      hints: [
        shellJoin(["tetherdock", "export", name, "--format", "archive"]),
        shellJoin(["tetherdock", "agent", "unprotect", name]),
      ],
    });
  const line = await lines.read(name);
  const [ca, cert, key] = await Promise.all([
    lines.readFile(name, "docker/ca.pem"),
    lines.readFile(name, "docker/cert.pem"),
    lines.readFile(name, "docker/key.pem"),
  ]);
  return { line, ca, cert, key, fingerprint: keyFingerprint(key) };
}

function wayToRevoke({ name, mode, joined }: Line, fingerprint: string): string {
  const client = `the client with the key ${fingerprint.slice(0, 16)}`;
  if (joined)
    return `to end its access, ask an admin to revoke ${client}; this machine's access ends with it`;
  if (mode === "gateway")
    return `to end its access, revoke ${client} (${shellJoin(["tetherdock", "client", "ls", "--line", name])}); this machine's access ends with it`;
  return "in native mode, no single key can be revoked: tetherdock down and up make a new CA";
}

/** The key is this machine's own. A gateway takes a key that two machines renew for a stolen one, see ADR 0031. */
function betterWay({ name, mode, joined }: Line): readonly string[] {
  if (mode === "native") return [];
  const copied = "renew it on one machine only: the gateway stops a key that two machines renew";
  if (joined) return [copied];
  return [
    copied,
    `a person or tool with a key of its own can be revoked alone: ${shellJoin(["tetherdock", "client", "invite", "NAME", "--line", name])}`,
  ];
}

/** What leaves this machine, and how to end it, for people: one text is one line. */
export function whatLeaves(
  { line, fingerprint }: Bundle,
  place: string,
  isEncrypted: boolean,
): readonly string[] {
  const secret = isEncrypted ? "encrypted with the password" : "not encrypted";
  return [
    `${place} contains this machine's private key for ${line.name}, ${secret}: whoever has it can do what this machine can`,
    wayToRevoke(line, fingerprint),
    ...betterWay(line),
  ];
}

/**
 * A machine that asks for a certificate of a native engine. Its key waits here until the certificate comes, by whatever way
 * people send it: there is no line yet, because not even the CA is here.
 */
import { json, shellJoin, TetherdockError } from "../../base/index.ts";
import type { HostToken } from "../../identity/index.ts";
import { parseNativeToken } from "../../identity/index.ts";
import { parseLineName, requireNotNewer } from "../../line/index.ts";
import { keyFingerprint, makeKeyPair, makeSigningRequest } from "../../pki/index.ts";

/** The key of a request, and which host it is for. */
export interface NativeKey extends HostToken {
  /** PKCS#8, PEM. */
  readonly key: string;
}

/** Keys whose certificates have not come yet: one text for each line. */
export interface NativeKeys {
  /** @returns undefined: none is kept @throws FILE_FAILED */
  read(line: string): Promise<string | undefined>;
  /** @returns what is kept from now on: this text, or one that was there first @throws FILE_FAILED */
  claim(line: string, text: string): Promise<string>;
  /** @throws FILE_FAILED */
  remove(line: string): Promise<void>;
}

export interface NativeRequestPorts {
  readonly lines: { list(): Promise<string[]> };
  readonly keys: NativeKeys;
}

/** What the machine that joins sends to the operator. */
export interface NativeRequestMade {
  readonly line: string;
  readonly address: string;
  readonly port: number;
  /** SHA-256 of the public key, hex. */
  readonly fingerprint: string;
  /** PKCS#10, PEM. */
  readonly request: string;
}

const VERSION = 1;

const readKey = json.object<NativeKey & { readonly version: number }>({
  version: { read: json.only(VERSION) },
  line: { read: json.words(64) },
  caFingerprint: { read: json.sha256 },
  address: { read: json.words(255) },
  port: { read: json.count(65_535) },
  key: { read: json.words(4_096) },
});

/** @returns null: the text is of another host, or cannot be read */
export function nativeKeyFor(text: string, { caFingerprint, address, port }: HostToken): string | null {
  const read = json.read(text, readKey);
  if ("problems" in read) return null;
  const { value } = read;
  const isSame = value.caFingerprint === caFingerprint && value.address === address && value.port === port;
  return isSame ? value.key : null;
}

/** @throws LINE_EXISTS */
export async function requireNoLine(
  { lines }: Pick<NativeRequestPorts, "lines">,
  line: string,
): Promise<void> {
  if (!(await lines.list()).includes(line)) return;
  throw new TetherdockError("LINE_EXISTS", `there is already a line "${line}"`, {
    hints: ["tetherdock join --name NAME   # with the same token", shellJoin(["tetherdock", "status", line])],
  });
}

/** The key that is kept for this host, or a new one in place of what is kept for another. */
async function claimKey({ keys }: NativeRequestPorts, line: string, token: HostToken): Promise<string> {
  const own = { version: VERSION, ...token, key: makeKeyPair().privateKey };
  const text = `${JSON.stringify(own, null, 2)}\n`;
  const kept = await keys.claim(line, text);
  // Its key may be the one that the operator signs.
  requireNotNewer(kept, VERSION, `joining/${line}.json`);
  const first = nativeKeyFor(kept, token);
  if (first !== null) return first;
  await keys.remove(line);
  const second = nativeKeyFor(await keys.claim(line, text), token);
  if (second !== null) return second;
  throw new TetherdockError("LINE_PENDING", `a line "${line}" of another host is being joined`, {
    hints: ["tetherdock join --name NAME   # with the same token"],
  });
}

/**
 * Makes a key, or finds it, and a request for it. Nothing is sent.
 * @param text the token as pasted
 * @param name of the new line; undefined: as it is called where the invitation was made
 * @throws TOKEN_INVALID, LINE_EXISTS, LINE_PENDING, STATE_NEWER, FILE_FAILED
 */
export async function requestNative(
  ports: NativeRequestPorts,
  text: string,
  name: string | undefined,
): Promise<NativeRequestMade> {
  const token = parseNativeToken(text);
  const line = parseLineName(name ?? token.line);
  await requireNoLine(ports, line);
  const key = await claimKey(ports, line, token);
  const { address, port } = token;
  const request = await makeSigningRequest(key, "tetherdock join");
  return { line, address, port, fingerprint: keyFingerprint(key), request };
}

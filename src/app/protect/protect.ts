/** `agent protect` and `unprotect`: a line's key is encrypted with a passphrase, so that its file alone is useless. */
import { shellJoin, TetherdockError } from "../../base/index.ts";
import { isEncryptedKey } from "../../line/index.ts";
import { lockKey } from "../../pki/index.ts";
import { type LinePorts, listLineContexts, readCaKey } from "../lines/index.ts";

const KEY = "docker/key.pem";

async function requireNoCopies(ports: LinePorts, name: string): Promise<void> {
  const copies = (await listLineContexts(ports))
    .filter(({ line, agent }) => line === name && !agent)
    .map((one) => one.name);
  if (copies.length === 0) return;
  throw new TetherdockError("KEY_COPIED", `docker contexts have copies of the key of ${name}`, {
    why: [`the contexts: ${copies.join(", ")}`],
    hints: copies.map((copy) => shellJoin(["tetherdock", "context", "rm", copy])),
  });
}

export interface Protected {
  /** False: the key was encrypted already. */
  readonly changed: boolean;
  /** Whether the CA key, which makes keys, is here and not encrypted. */
  readonly caKeyIsPlain: boolean;
}

/** @param passphrase asked when all else is well @throws LINE_…, KEY_COPIED, KEY_UNREADABLE, FILE_FAILED */
export async function protectKey(
  ports: LinePorts,
  name: string,
  passphrase: () => Promise<string>,
): Promise<Protected> {
  const { lines } = ports;
  const changed = !(await lines.isKeyEncrypted(name));
  if (changed) {
    await requireNoCopies(ports, name);
    const key = await lines.readFile(name, KEY);
    await lines.update(name, KEY, await lockKey(key, await passphrase()));
  }
  const caKey = await readCaKey(lines, name);
  return { changed, caKeyIsPlain: caKey !== undefined && !isEncryptedKey(caKey) };
}

/** @returns false: the key was not encrypted @throws LINE_…, KEY_PASSPHRASE_WRONG, FILE_FAILED */
export async function unprotectKey({ lines }: LinePorts, name: string): Promise<boolean> {
  if (!(await lines.isKeyEncrypted(name))) return false;
  // Decrypted by the store, which asks for the passphrase.
  await lines.update(name, KEY, await lines.readFile(name, KEY));
  return true;
}

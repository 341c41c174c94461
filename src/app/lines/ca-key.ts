/** The key of a line's CA: only the machine that has set the line up has it. */
import { TetherdockError } from "../../base/index.ts";
import { type Line, type LineFile, type LineStore, notSetUpHere } from "../../line/index.ts";
import { type Authority, isLocked, openAuthority } from "../../pki/index.ts";

/** @returns undefined: this machine does not have the file @throws FILE_FAILED */
export async function readLineFileIfThere(
  lines: Pick<LineStore, "readFile">,
  name: string,
  file: LineFile,
): Promise<string | undefined> {
  try {
    return await lines.readFile(name, file);
  } catch (error) {
    if (error instanceof TetherdockError && error.code === "LINE_BROKEN") return undefined;
    throw error;
  }
}

/** A line's CA key, encrypted or not. @returns undefined: this machine does not have it @throws FILE_FAILED */
export const readCaKey = (lines: Pick<LineStore, "readFile">, name: string): Promise<string | undefined> =>
  readLineFileIfThere(lines, name, "ca/ca-key.pem");

interface Asking {
  /** Of the CA key of a line. @throws PROMPT_IMPOSSIBLE, INTERRUPTED */
  passphrase(line: string): Promise<string>;
}

/** Opens the CA of a line, which may be encrypted. @param ca PEM @param caKey PEM @throws CA_…, KEY_…, PROMPT_IMPOSSIBLE */
export async function openLineCa(ports: Asking, line: string, ca: string, caKey: string): Promise<Authority> {
  const locked = isLocked({ privateKey: caKey }) ? { passphrase: await ports.passphrase(line) } : {};
  return openAuthority({ certificate: ca, privateKey: caKey, ...locked });
}

/** @param only what needs the key: `can approve` @param hint what to run instead, or where @throws LINE_JOINED */
export function requireCaKey({ joined, name }: Line, only: string, hint: string): void {
  if (joined) throw notSetUpHere(`this machine has no CA key for the line "${name}"`, only, hint);
}

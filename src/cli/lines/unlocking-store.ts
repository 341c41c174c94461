/** Lines whose key may be encrypted: a command that reads the key asks for the passphrase, once. */
import { OneAtATime } from "../../base/index.ts";
import { isEncryptedKey, type LineFile, type LineStore } from "../../line/index.ts";

/** @param ask for the passphrase of this line's key */
export function unlockingStore(store: LineStore, ask: (line: string) => Promise<string>): LineStore {
  /** By the encrypted text: a key that was replaced is asked for again. */
  const opened = new Map<string, string>();
  const turns = new OneAtATime();
  const open = async (line: string, text: string): Promise<string> => {
    const known = opened.get(text);
    if (known !== undefined) return known;
    const { unlockKey } = await import("../../pki/index.ts");
    const key = unlockKey(text, await ask(line));
    opened.set(text, key);
    return key;
  };
  return {
    ...store,
    readFile: async (line: string, file: LineFile) => {
      const text = await store.readFile(line, file);
      return file === "docker/key.pem" && isEncryptedKey(text) ? turns.run(() => open(line, text)) : text;
    },
  };
}

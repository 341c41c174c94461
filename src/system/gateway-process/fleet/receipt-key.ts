/**
 * `receipt-key.pem`, beside the client list: signs what this host says to its fleet's operator through a store. Nothing else
 * is signed with it. If it is lost or damaged, there is a new one, and the operator is told that the signatures are wrong.
 */
import { createPrivateKey, generateKeyPairSync, type KeyObject } from "node:crypto";
import { dirname, join } from "node:path";
import { writeAtomically } from "../../files/atomic-file.ts";
import { readIfThere } from "../../files/file-error.ts";

function parse(pem: string): KeyObject | null {
  try {
    const key = createPrivateKey(pem);
    return key.asymmetricKeyType === "ed25519" ? key : null;
  } catch {
    return null;
  }
}

async function readOrMake(path: string): Promise<KeyObject> {
  const known = parse((await readIfThere(path)) ?? "");
  if (known !== null) return known;
  const { privateKey } = generateKeyPairSync("ed25519");
  await writeAtomically(path, privateKey.export({ type: "pkcs8", format: "pem" }), 0o600);
  return privateKey;
}

/** @param clients path of the client list @returns gives the key; it is read or made once. @throws FILE_FAILED */
export function receiptKey(clients: string): () => Promise<KeyObject> {
  const path = join(dirname(clients), "receipt-key.pem");
  let made: Promise<KeyObject> | null = null;
  return () => {
    made ??= readOrMake(path).catch((error: unknown) => {
      made = null;
      throw error;
    });
    return made;
  };
}

/** Whether a key is encrypted with a passphrase. Docker clients cannot read such a key (moby#30935). */
export function isEncryptedKey(pem: string): boolean {
  return pem.includes("-----BEGIN ENCRYPTED PRIVATE KEY-----");
}

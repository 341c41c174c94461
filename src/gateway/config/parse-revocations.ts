/** The file of revocations beside `clients.json`. */
import { json, TetherdockError } from "../../base/index.ts";
import type { ClientKey } from "../clients/revocations.ts";

const readFile = json.object<{ version: number; revoked: readonly string[] }>({
  version: { read: (value, at, complain) => (value === 1 ? 1 : void complain(at, "must be 1")) },
  revoked: {
    read: json.list(
      json.matching(/^(?:[0-9a-f]{64}|name:.{1,64})$/, "a key's fingerprint, or name: and a name"),
    ),
  },
});

/**
 * @param source the file's text
 * @param file its path, for the message
 * @throws GATEWAY_CLIENTS_BROKEN: who cannot read who is shut out lets nobody new in
 */
export function parseRevocations(source: string, file: string): ReadonlySet<ClientKey> {
  const read = json.read(source, readFile);
  if ("value" in read) return new Set(read.value.revoked);
  throw new TetherdockError("GATEWAY_CLIENTS_BROKEN", `cannot read the revocations ${file}`, {
    why: read.problems,
    hints: [`fix ${file}; a running gateway keeps the last good list until then`],
  });
}

export function formatRevocations(revoked: ReadonlySet<ClientKey>): string {
  return `${JSON.stringify({ version: 1, revoked: [...revoked].toSorted() }, null, 2)}\n`;
}

/** Stores invitations in a file beside the client list. It has hashes of tokens, no tokens. */
import { dirname, join } from "node:path";
import { TetherdockError } from "../../../base/index.ts";
import { formatInvitations, type InvitationStore, parseInvitations } from "../../../identity/index.ts";
import { writeAtomically } from "../../files/atomic-file.ts";
import { readIfThere } from "../../files/file-error.ts";

/** @param clients path of the client list */
export function invitationFile(clients: string): InvitationStore {
  const path = join(dirname(clients), "invitations.json");
  return {
    async read() {
      const text = await readIfThere(path);
      const read = text === undefined ? { value: [] } : parseInvitations(text);
      if ("value" in read) return read.value;
      throw new TetherdockError("GATEWAY_CLIENTS_BROKEN", `cannot read the invitations ${path}`, {
        why: read.problems,
        hints: [`rm ${path}   # then invite again`],
      });
    },
    write: (invitations) => writeAtomically(path, formatInvitations(invitations), 0o600),
  };
}

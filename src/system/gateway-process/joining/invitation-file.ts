/** Stores invitations in a file beside the client list. It has hashes of tokens, no tokens. */
import { dirname, join } from "node:path";
import {
  formatInvitations,
  type Invitation,
  type InvitationStore,
  parseInvitations,
} from "../../../identity/index.ts";
import { writeAtomically } from "../../files/atomic-file.ts";
import { type Kept, readKept } from "./kept-file.ts";

const INVITATIONS: Kept<readonly Invitation[]> = {
  what: "the invitations",
  parse: parseInvitations,
  afterRemoval: "then invite again",
};

/** @param clients path of the client list */
export function invitationFile(clients: string): InvitationStore {
  const path = join(dirname(clients), "invitations.json");
  return {
    read: async () => (await readKept(path, INVITATIONS)) ?? [],
    write: (invitations) => writeAtomically(path, formatInvitations(invitations), 0o600),
  };
}

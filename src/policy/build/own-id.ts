/**
 * The IDs of builds and sessions as the engine knows them. A client chooses its IDs; the engine gets a hash of the client's
 * key and the ID. So a client cannot name what another client has, and nobody has to remember who opened what.
 */
import { createHash } from "node:crypto";

/** @param kind keeps IDs of different kinds apart @param owner the SHA-256 of the client's key, or its name */
export function ownId(kind: "session" | "build" | "shared", owner: string, id: string): string {
  return createHash("sha256")
    .update(JSON.stringify([kind, owner, id]))
    .digest("hex");
}

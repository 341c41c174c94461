/** Gives a client another name. A name is for people: its key, and what the gateway keeps by it, stay. */
import { type Change, nameTaken, unknown } from "./change.ts";
import { isLentName } from "./client.ts";

/** `lend` finds the client that it ends, and the role that it has made for it, by such a name. */
const LENT = "names such as lend-0123456789 belong to tetherdock lend, which ends them itself";

/**
 * @param fixed why a name cannot change: something besides the list knows the client by it; null: nothing does
 */
export function renameClient(from: string, to: string, fixed: (name: string) => string | null): Change {
  return (before) => {
    const client = before.find(({ name }) => name === from);
    if (client === undefined) return unknown(from);
    const why = isLentName(from) || isLentName(to) ? LENT : (fixed(from) ?? fixed(to));
    if (why !== null) return { refused: "fixed-name", text: why };
    if (before.some(({ name }) => name === to)) return nameTaken(to);
    const clients = before.map((one) => (one === client ? { ...client, name: to } : one));
    return { clients, done: "renamed" };
  };
}

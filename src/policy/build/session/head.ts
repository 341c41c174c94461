/**
 * `POST /session`: the engine calls the client's laptop on this connection, for files, secrets and logins. What the laptop
 * answers is only input to its own build, but its files must be files. The engine gets a new head: the session's ID belongs to the client, and only calls
 * that builds need are offered to it.
 */
import { type Refusal, refusal } from "../../refusal.ts";
import { ownId } from "../own-id.ts";

export type Fields = readonly (readonly [name: string, value: string])[];

const PREFIX = "X-Docker-Expose-Session-";

/**
 * The engine also calls what it does not need for a build, such as content stores, and uploads of archives, which are refused as
 * contexts: those are left out.
 */
const SERVED =
  /^\/(?:grpc\.health\.v1\.Health|moby\.filesync\.v1\.(?:FileSync|FileSend|Auth)|moby\.buildkit\.secrets\.v1\.Secrets|moby\.sshforward\.v1\.SSH)\/[A-Za-z]{1,40}$/;

const MOST_METHODS = 64;
const NAME = /^[\w. @:+-]{0,128}$/;

const refused = (why: string): Refusal => refusal("session", why);

/** @param valuesOf the values of a field, one for each time that it appears */
export function judgeSession(valuesOf: (name: string) => readonly string[], owner: string): Fields | Refusal {
  const one = (name: string): string | null => {
    const [value = "", ...others] = valuesOf(PREFIX + name);
    return others.length === 0 ? value : null;
  };
  const id = one("Uuid");
  const shared = one("SharedKey");
  const name = one("Name");
  const methods = valuesOf(`${PREFIX}Grpc-Method`);
  if (id === null || id === "") return refused("the session has no ID, or more than one");
  if (shared === null || name === null) return refused("a field of the session appears twice");
  if (methods.length > MOST_METHODS) return refused("the session offers too many calls");
  return [
    ["Connection", "Upgrade"],
    ["Upgrade", "h2c"],
    [`${PREFIX}Uuid`, ownId("session", owner, id)],
    [`${PREFIX}Name`, NAME.test(name) ? name : "build"],
    // uploads with one key continue from each other, so the key is the client's own too
    [`${PREFIX}Sharedkey`, ownId("shared", owner, shared)],
    ...methods
      .filter((method) => SERVED.test(method))
      .map((method) => [`${PREFIX}Grpc-Method`, method] as const),
  ];
}

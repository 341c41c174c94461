/** An `up` that is killed at one of its writes on this machine, and the host as that leaves it. */
import { CLIENT_CA, type FileFact, SERVER_CERTIFICATE } from "../../../src/facts/index.ts";
import type { World } from "./up-world.ts";

export interface Ended {
  /** False: it needed no more writes than it had. */
  readonly isKilled: boolean;
  /** Whether it had asked the host to confirm. */
  readonly isConfirmed: boolean;
}

/** @param writes that succeed */
export async function killedAfter(
  writes: number,
  { host, lines }: World,
  run: () => Promise<unknown>,
): Promise<Ended> {
  let left = writes;
  let isConfirmed = false;
  host.onRun = (kind) => {
    isConfirmed ||= kind === "confirm";
  };
  lines.onWrite = () => {
    if (left-- <= 0) throw new Error("killed");
  };
  const isKilled = await run().then(
    () => false,
    () => true,
  );
  lines.onWrite = () => {};
  return { isKilled, isConfirmed };
}

/** The host has confirmed: it keeps its new certificate, and this as its `ca.pem`. */
export function keepOnHost({ host }: World, ca: string): void {
  const { state, certificate } = host;
  const fact = (path: string, text: string): [string, FileFact] => [
    path,
    { path, mode: "644", owner: "0:0", text },
  ];
  const changed = [fact(CLIENT_CA, ca), fact(SERVER_CERTIFICATE, certificate)];
  host.state = { ...state, ours: { ...state.ours, files: new Map([...state.ours.files, ...changed]) } };
}

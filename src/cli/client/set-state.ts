/** `tetherdock client revoke`, `restore` and `rm`: shut one client out, at once, and nobody else. */

import { readDone } from "../api/answers.ts";
import { findClient, setClientState } from "../api/client-list.ts";
import { callLine } from "../api/gateway-access.ts";
import type { Context } from "../context.ts";

export interface ClientFlags {
  readonly line: string | undefined;
}

/** Its open connections are cut, streams too; it stays on the list, so that its key cannot be added again unnoticed. */
export async function clientRevoke(this: Context, { line }: ClientFlags, name: string): Promise<void> {
  await findClient(this, line, name);
  await setClientState(this, line, name, "revoke");
  this.stdout.line(`${name}`);
}

export async function clientRestore(this: Context, { line }: ClientFlags, name: string): Promise<void> {
  await findClient(this, line, name);
  await setClientState(this, line, name, "restore");
  this.stdout.line(`${name}`);
}

/** @throws CLIENT_UNKNOWN, GATEWAY_REFUSED when it is the last admin */
export async function clientRm(this: Context, { line }: ClientFlags, name: string): Promise<void> {
  await findClient(this, line, name);
  const path = `clients/${encodeURIComponent(name)}`;
  await callLine(this, line, { method: "DELETE", path }, readDone);
  this.stdout.line(`${name}`);
}

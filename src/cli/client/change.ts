/** `tetherdock client revoke`, `restore` and `rm`. */
import { type ClientChange, changeClient } from "../../app/clients/index.ts";
import { gatewayPorts } from "../api/ports.ts";
import type { Context } from "../context.ts";
import type { ClientFlags } from "./flags.ts";

function command(change: ClientChange) {
  return async function run(this: Context, { line }: ClientFlags, name: string): Promise<void> {
    await changeClient({ ...gatewayPorts(this), clock: this.clock }, change, line, name);
    this.stdout.line(`${name}`);
  };
}

export const clientRevoke = command("revoke");
export const clientRestore = command("restore");
export const clientRm = command("remove");

/** `tetherdock context rm`. */
import { removeNamed } from "../../app/contexts/index.ts";
import type { Context } from "../context.ts";
import { renderRemoved } from "./render-removed.ts";

/** Removes one context that carries our mark. */
export async function contextRm(this: Context, _flags: object, name: string): Promise<void> {
  this.stderr.lines(renderRemoved(await removeNamed(this, name), this));
  this.stdout.line(`${name}`);
}

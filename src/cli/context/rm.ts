/** `tetherdock context rm`. */
import { removeContext } from "../../app/lines/index.ts";
import { TetherdockError } from "../../base/index.ts";
import { assertOurs, nearest } from "../../line/index.ts";
import type { Context } from "../context.ts";
import { renderRemoved } from "./render-removed.ts";

/** Removes one context that carries our mark. */
export async function contextRm(this: Context, _flags: object, name: string): Promise<void> {
  const store = await this.contexts();
  const existing = await store.read(name);
  if (!existing) {
    const ours = (await store.list()).filter(({ meta }) => meta.lineId !== undefined);
    const close = nearest(
      name,
      ours.map(({ meta }) => meta.name),
    );
    throw new TetherdockError("CONTEXT_UNKNOWN", `there is no docker context "${name}"`, {
      hints: [...close.map((other) => `tetherdock context rm ${other}`), "tetherdock context ls"],
    });
  }
  assertOurs(existing);
  this.stderr.lines(renderRemoved(await removeContext(this, name), this));
  this.stdout.line(`${name}`);
}

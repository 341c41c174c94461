/** Whether we may overwrite or remove a docker context. */
import { TetherdockError } from "../base/index.ts";
import type { Line } from "./line.ts";
import type { StoredContext } from "./ports.ts";

/**
 * Throws for a context that tetherdock did not make.
 * @throws CONTEXT_FOREIGN
 */
export function assertOurs(context: StoredContext): void {
  if (context.meta.lineId !== undefined) return;
  const { name } = context.meta;
  throw new TetherdockError("CONTEXT_FOREIGN", `the docker context "${name}" was not made by tetherdock`, {
    why: ["tetherdock only touches contexts that carry its mark"],
    hints: [`docker context inspect ${name}`, "choose another name with --name"],
  });
}

/**
 * Throws if writing a line's context would overwrite something else. A context of a line that no longer exists may be
 * taken over, because it leads nowhere.
 * @param existing the context with the wanted name, if there is one
 * @param lines all lines
 * @throws CONTEXT_FOREIGN or CONTEXT_TAKEN
 */
export function assertReplaceable(
  existing: StoredContext | undefined,
  line: Line,
  lines: readonly Line[],
): void {
  if (!existing) return;
  assertOurs(existing);
  const owner = lines.find(({ id }) => id === existing.meta.lineId && id !== line.id);
  if (!owner) return;
  const { name } = existing.meta;
  throw new TetherdockError(
    "CONTEXT_TAKEN",
    `the docker context "${name}" belongs to the line "${owner.name}"`,
    {
      hints: ["choose another name with --name", `tetherdock context rm ${name}`],
    },
  );
}

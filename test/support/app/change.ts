/** A change of a host in a {@link World}, with its messages and the state afterwards. */
import { expect } from "vitest";
import { changeHost, type Outcome } from "../../../src/app/up/change/change-host.ts";
import type { Prepared } from "../../../src/app/up/prepared.ts";
import type { TetherdockError } from "../../../src/base/index.ts";
import type { World } from "./up-world.ts";

/** Exit status of a script that arrives after the host has undone the change. */
export const TOO_LATE = 19;

export const AS_BEFORE = "the host was restored";
export const PENDING = "the host undoes the change within 120 s, unless it already has";
export const CONFIRMED =
  "the host keeps the change, but this machine did not save its part: run the same command again";
export const UNKNOWN = "it is not known whether the host confirmed the change or will undo it within 120 s";

export const change = (world: World, prepared: Prepared): Promise<Outcome> =>
  changeHost(world.ports, prepared, prepared.plan, world.host);

export const failureOf = (action: Promise<unknown>): Promise<TetherdockError> =>
  action.then(
    () => expect.fail("it must not succeed"),
    (error: unknown) => error as TetherdockError,
  );

export function whatIsLeft({ lines }: World): string {
  if (lines.kept.has("vps")) return lines.staged.has("vps") ? "both" : "kept";
  return lines.staged.has("vps") ? "pending" : "nothing";
}

/** What happens during `up`, one line each. */
import type { UpEvent } from "../../app/up/index.ts";
import { quoteForeign } from "../../base/index.ts";
import type { Style } from "../output/style.ts";

/** @returns one line for stderr */
export function renderEvent(event: UpEvent, style: Style): string {
  if (event.kind === "step") return `  ${event.title}`;
  switch (event.id) {
    case "context-refreshed":
      return `docker context ${event.name} refreshed`;
    case "untried":
      return `${style.yellow("warning:")} ${event.text}`;
    case "waits":
      return `another change${by(event.by)} is in progress on the host: waiting until it is confirmed or undone`;
    case "puts-back":
      return `an earlier change${by(event.by)} was interrupted: undoing it first`;
  }
}

function by(who: string | null): string {
  return who === null ? "" : ` by ${quoteForeign(who)}`;
}

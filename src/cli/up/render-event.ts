/** What happens during `up`, one line each. */
import type { UpEvent } from "../../app/up/index.ts";
import { renderLook } from "../host/render-look.ts";
import type { Style } from "../output/style.ts";

/** @returns one line for stderr */
export function renderEvent(event: UpEvent, style: Style): string {
  if (event.kind === "step") return `  ${event.title}`;
  switch (event.id) {
    case "context-refreshed":
      return `docker context ${event.name} refreshed`;
    case "untried":
      return `${style.yellow("warning:")} ${event.text}`;
    default:
      return renderLook(event);
  }
}

/** What happens during `up`, one line each. */
import type { UpEvent } from "../../app/up/index.ts";
import { shellJoin } from "../../base/index.ts";
import { renderLook } from "../host/render-look.ts";
import type { Style } from "../output/style.ts";

const namesOf = ({ names }: { readonly names: readonly string[] | null }): string =>
  names?.join(", ") ?? "the gateway does not say which";

/** @returns one line for stderr */
export function renderEvent(event: UpEvent, style: Style): string {
  if (event.kind === "step") return `  ${event.title}`;
  switch (event.id) {
    case "context-refreshed":
      return `docker context ${event.name} refreshed`;
    case "line-damaged":
      return `${style.yellow("warning:")} the line ${event.name} cannot be read: it may use the same name or address (${shellJoin(["tetherdock", "status", event.name])})`;
    case "by-hand":
      return `${style.yellow("warning:")} these clients cannot fetch the new CA by themselves, and need it before --finish-new-ca: ${namesOf(event)}`;
    case "left-behind":
      return `${style.yellow("warning:")} these clients have not said that they have the new CA; without it, they are cut off: ${namesOf(event)}`;
    case "untried":
      return `${style.yellow("warning:")} ${event.text}`;
    default:
      return renderLook(event);
  }
}

/** What happens during `down`, for people. */
import type { DownEvent } from "../../app/down/index.ts";
import { shellJoin } from "../../base/index.ts";
import type { Environment } from "../../line/index.ts";
import { renderRemoved } from "../context/render-removed.ts";
import { renderLook } from "../host/render-look.ts";
import type { Style } from "../output/style.ts";
import { renderDown } from "./render-down.ts";

/** @returns lines for stderr */
export function renderEvent(event: DownEvent, where: Environment, style: Style): string[] {
  if (event.kind === "plan") return renderDown(event.preview, style);
  switch (event.id) {
    case "nothing-to-undo":
      return ["there is nothing from tetherdock on the host: nothing to undo"];
    case "line-kept": {
      const forget = shellJoin(["tetherdock", "down", event.line, "--forget"]);
      return [
        `the host does not prove that it is the host of ${event.line}: the line ${event.line} is kept (to delete it: ${forget})`,
      ];
    }
    case "would-ask":
      return [
        ...event.sides.map((text) => `! ${text}`),
        `without --dry-run, down asks before it undoes this host and forgets "${event.line}"`,
      ];
    case "accept-not-needed":
      return [`the host has proven to be the host of ${event.line}: --accept-host was not needed`];
    case "context-removed":
      return renderRemoved(event, where);
    default:
      return [renderLook(event)];
  }
}

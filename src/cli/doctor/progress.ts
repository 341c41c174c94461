/** A visit whose progress is told on stderr, in one line that is written over and then goes. */
import type { VisitPorts } from "../../app/doctor/index.ts";
import type { Context } from "../context.ts";
import { createActivity } from "../output/activity.ts";
import { visitPorts } from "./ports.ts";
import { renderVisit } from "./render-event.ts";

/** @param context whose stderr it is */
export async function withProgress<T>(
  context: Context,
  visit: (ports: VisitPorts) => Promise<T>,
): Promise<T> {
  const { stderr, terminal } = context;
  const activity = createActivity(context);
  const ports = visitPorts(context, (event) => {
    const text = renderVisit(event);
    activity.begin(() => text);
    if (terminal.stderr) stderr.progress(`  ${text}`);
  });
  try {
    return await visit(ports);
  } finally {
    activity.end();
  }
}

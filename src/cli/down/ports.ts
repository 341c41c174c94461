/** The ports of `down`, made from the world of a command. */
import type { DownPorts, DownQuestion } from "../../app/down/index.ts";
import { fleetsWith } from "../../app/fleet/index.ts";
import { tetherdockHome } from "../../line/index.ts";
import { createFleetStore } from "../../system/identity/fleet-store.ts";
import type { Context } from "../context.ts";
import { openHost } from "../host/open-host.ts";
import { random } from "../host/random.ts";
import { createStyle } from "../output/style.ts";
import type { DownFlags } from "./flags.ts";
import { renderEvent } from "./render-event.ts";

type Unproven = Extract<DownQuestion, { readonly kind: "unproven-host" }>;

/** `--yes` answers for the plan only: a script must name the line to accept a host. */
async function askUnproven(context: Context, { yes, json }: DownFlags, { line, sides }: Unproven) {
  const { terminal, prompts, stderr } = context;
  if (yes || json || !terminal.stdin || !terminal.stderr) return false;
  stderr.lines(sides.map((text) => `! ${text}`));
  return prompts.confirm(`Undo this host, and forget "${line}" with its certificates and keys?`);
}

export function downPorts(context: Context, flags: DownFlags): DownPorts {
  const { lines, env, platform, prompts, stderr, terminal } = context;
  const style = createStyle(terminal.colour.stderr);
  return {
    ...{ lines, env, platform, random },
    contexts: () => context.contexts(),
    questions: {
      confirm(question) {
        if (question.kind === "undo") return prompts.confirm("Undo this?");
        if (question.kind === "forget") return prompts.confirm(`Delete the line "${question.line}" here?`);
        return askUnproven(context, flags, question);
      },
    },
    // Not taken over until asked for: see createContext().
    get signal() {
      return context.signal;
    },
    open: (target) => openHost(context, target),
    fleetsWith: (line) => fleetsWith({ fleets: createFleetStore(tetherdockHome(context)) }, line),
    report: (event) => stderr.lines(renderEvent(event, context, style)),
  };
}

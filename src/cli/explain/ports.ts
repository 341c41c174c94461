/** The ports of `explain`, made from the world of a command. */
import type { ExplainPorts } from "../../app/explain/index.ts";
import { formatEndpoint } from "../../engine/index.ts";
import { probe } from "../../system/probing/prober.ts";
import type { Context } from "../context.ts";
import { tellLeftOut } from "../lines/tell-left-out.ts";
import type { Activity } from "../output/activity.ts";

/** @param json whether the answer is for a program: then nothing is asked */
export function explainPorts(context: Context, json: boolean, activity: Activity): ExplainPorts {
  const { lines, clock, terminal, prompts } = context;
  return {
    ...{ lines, clock, probe },
    mayProbe: async (endpoint) => {
      if (json || !terminal.stdin || !terminal.stderr) return false;
      return prompts.confirm(
        `The text names ${formatEndpoint(endpoint)}, which belongs to no line on this machine. Connect to it to see what it speaks?`,
      );
    },
    leaveOut: tellLeftOut(context),
    report: ({ endpoint }) => activity.begin(() => `probing ${formatEndpoint(endpoint)}`),
  };
}

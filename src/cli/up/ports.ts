/** The ports of `up`, made from the world of a command. */
import { hostname, userInfo } from "node:os";
import { setTimeout as pause } from "node:timers/promises";
import type { Question, QuestionsPort, UpPorts } from "../../app/up/index.ts";
import type { Prober } from "../../engine/index.ts";
import { tetherdockHome } from "../../line/index.ts";
import { findExecutable } from "../../system/files/executable-store.ts";
import { createApprovalRecords } from "../../system/identity/invitation-records.ts";
import { createReissuedFiles } from "../../system/identity/reissued-files.ts";
import { ownAddresses } from "../../system/probing/own-addresses.ts";
import { probe } from "../../system/probing/prober.ts";
import { resolveEndpoint } from "../../system/probing/resolve-endpoint.ts";
import { silentGatewayPorts } from "../api/ports.ts";
import type { Context } from "../context.ts";
import { openHost } from "../host/open-host.ts";
import { askPassphrase, choosePassphrase } from "../host/passphrase.ts";
import { random } from "../host/random.ts";
import { createActivity, during } from "../output/activity.ts";
import { createStyle } from "../output/style.ts";
import { VERSION } from "../version.ts";
import { renderEvent } from "./render-event.ts";
import { renderPlan } from "./render-plan.ts";
import { planQuestion } from "./summarise-plan.ts";

/** Which questions the options have answered. */
export interface Answers {
  readonly yes: boolean;
  readonly json: boolean;
}

type Ask<Kind> = Extract<Question, { readonly kind: Kind }>;

/** `--yes` answers for the plan only: a script must name the line to accept a host. */
async function askNewHost(context: Context, { yes, json }: Answers, { line, sides }: Ask<"new-host">) {
  const { terminal, prompts, stderr } = context;
  if (yes || json || !terminal.stdin || !terminal.stderr) return false;
  stderr.lines(sides.map((text) => `! ${text}`));
  return prompts.confirm(
    `Make this host the host of "${line}"? Its old host is then no longer used by this line.`,
  );
}

async function askPlan(context: Context, { yes }: Answers, { prepared, plan }: Ask<"plan">) {
  const { terminal, prompts, stderr } = context;
  const width = terminal.stderr ? terminal.columns : Number.POSITIVE_INFINITY;
  stderr.lines(renderPlan(plan, prepared, { style: createStyle(terminal.colour.stderr), width }));
  return yes || prompts.confirm(planQuestion(plan, prepared.facts));
}

function questionsOf(context: Context, answers: Answers): QuestionsPort {
  return {
    confirm: (question) =>
      question.kind === "plan" ? askPlan(context, answers, question) : askNewHost(context, answers, question),
    passphrase: (line) => askPassphrase(context, line),
    newPassphrase: () => choosePassphrase(context),
  };
}

/** All probes that run at once are one activity. */
function tellingProbe(context: Context): Prober {
  const activity = createActivity(context);
  let running = 0;
  return async (...asked) => {
    if (running++ === 0) activity.begin(() => "probing from here");
    try {
      return await probe(...asked);
    } finally {
      if (--running === 0) activity.end();
    }
  };
}

/**
 * @param answers of the options, for questions that need not be asked
 * @param ssh whether it may ask on the terminal: not where several would at the same time
 */
export function upPorts(context: Context, answers: Answers, ssh = { mayAsk: true }): UpPorts {
  const { lines, clock, stderr, terminal } = context;
  const home = tetherdockHome(context);
  return {
    ...silentGatewayPorts(context),
    lines,
    contexts: () => context.contexts(),
    clock,
    timer: { now: () => performance.now(), pause: (ms) => pause(ms) },
    random,
    outside: { probe: tellingProbe(context), resolve: resolveEndpoint },
    laptop: {
      operator: () => `${userInfo().username}@${hostname()}`,
      version: VERSION,
      addresses: ownAddresses,
      findExecutable: (machine, held) =>
        during(context, "packing the gateway's program", () => findExecutable(machine, held)),
    },
    questions: questionsOf(context, answers),
    approvals: createApprovalRecords(home),
    reissued: createReissuedFiles(home),
    // Not taken over until asked for: see createContext().
    get signal() {
      return context.signal;
    },
    open: (target) => openHost(context, target, ssh),
    report: (event) => stderr.line(renderEvent(event, createStyle(terminal.colour.stderr))),
  };
}

/** The ports of `up`, made from the world of a command. */
import { hostname, userInfo } from "node:os";
import { setTimeout as pause } from "node:timers/promises";
import type { Question, QuestionsPort, UpPorts } from "../../app/up/index.ts";
import { findExecutable } from "../../system/files/executable-store.ts";
import { ownAddresses } from "../../system/probing/own-addresses.ts";
import { probe } from "../../system/probing/prober.ts";
import { resolveEndpoint } from "../../system/probing/resolve-endpoint.ts";
import type { Context } from "../context.ts";
import { openHost } from "../host/open-host.ts";
import { askPassphrase, choosePassphrase } from "../host/passphrase.ts";
import { random } from "../host/random.ts";
import { createStyle } from "../output/style.ts";
import { VERSION } from "../version.ts";
import { renderEvent } from "./render-event.ts";
import { renderPlan, titleOf } from "./render-plan.ts";

/** Which questions the options have answered. */
export interface Answers {
  readonly yes: boolean;
  readonly json: boolean;
}

type Ask<Kind> = Extract<Question, { readonly kind: Kind }>;

/** `--yes` is for the plan: who a host is, no script answers without naming the line. */
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
  stderr.lines(renderPlan(plan, titleOf(prepared), createStyle(terminal.colour.stderr)));
  return yes || prompts.confirm("Carry this out?");
}

function questionsOf(context: Context, answers: Answers): QuestionsPort {
  return {
    confirm: (question) =>
      question.kind === "plan" ? askPlan(context, answers, question) : askNewHost(context, answers, question),
    passphrase: (line) => askPassphrase(context, line),
    newPassphrase: () => choosePassphrase(context),
  };
}

/** @param answers of the options, for questions that need not be asked */
export function upPorts(context: Context, answers: Answers): UpPorts {
  const { lines, clock, stderr, terminal } = context;
  return {
    lines,
    contexts: () => context.contexts(),
    clock,
    timer: { now: () => performance.now(), pause: (ms) => pause(ms) },
    random,
    outside: { probe, resolve: resolveEndpoint },
    laptop: {
      operator: () => `${userInfo().username}@${hostname()}`,
      version: VERSION,
      addresses: ownAddresses,
      findExecutable,
    },
    questions: questionsOf(context, answers),
    // Not taken over until asked for: see createContext().
    get signal() {
      return context.signal;
    },
    open: (target) => openHost(context, target),
    report: (event) => stderr.line(renderEvent(event, createStyle(terminal.colour.stderr))),
  };
}

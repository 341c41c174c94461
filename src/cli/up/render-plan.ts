/** A plan for people: what changes, why, and the difference line by line. */
import { structuredPatch } from "diff";
import type { Prepared } from "../../app/up/index.ts";
import { visible, wrapText } from "../../base/index.ts";
import type { Change, FleetAction, GatewayAction, Plan } from "../../host/index.ts";
import type { Style } from "../output/style.ts";
import { isReplaced, megabytes, summarisePlan } from "./summarise-plan.ts";

/** How a plan is shown. */
export interface PlanLook {
  readonly style: Style;
  /** Characters a line of prose. Differences and paths are as long as they are. */
  readonly width: number;
}

/** What a plan says beside itself. */
export type PlanSubject = Pick<Prepared, "line" | "facts" | "before">;

const MARK = { write: "+", key: "+", certificate: "+", link: "+", program: "+", remove: "-" } as const;

function dressLine(line: string, style: Style): string {
  return line.startsWith("+") ? style.green(line) : line.startsWith("-") ? style.red(line) : style.dim(line);
}

/**
 * The search for the shortest difference takes time with the square of this number of lines, and the file is what the
 * host says it is. Nobody reads a longer difference line by line.
 */
const MAX_CHANGED_LINES = 1000;

function linesOf(text: string, mark: string): string[] {
  const lines = text.split("\n");
  return (lines.at(-1) === "" ? lines.slice(0, -1) : lines).map((line) => `${mark}${line}`);
}

/**
 * Parts of a file that are apart have a line between them that says where the next one begins. Where too much is
 * different, all lines before and all lines after.
 */
function diffLines(before: string, after: string, style: Style): string[] {
  const limits = { context: 2, maxEditLength: MAX_CHANGED_LINES };
  const patch = structuredPatch("", "", before, after, "", "", limits);
  const hunks = patch?.hunks ?? [{ newStart: 1, lines: [...linesOf(before, "-"), ...linesOf(after, "+")] }];
  return hunks.flatMap(({ newStart, lines }, at) => [
    ...(at > 0 ? [style.dim(`@@ line ${newStart} @@`)] : []),
    ...lines.map((line) => dressLine(visible(line), style)),
  ]);
}

function bodyOf(change: Change, style: Style): string[] {
  switch (change.kind) {
    case "write":
      // A CA certificate's base64 tells a reader nothing.
      if (change.after.startsWith("-----BEGIN")) return [];
      return diffLines(change.before?.text ?? "", change.after, style);
    case "remove":
      return change.before === null ? [] : diffLines(change.before, "", style);
    case "link":
      return [style.green(`+-> ${visible(change.target)}`)];
    case "certificate":
      return [style.dim(`for ${change.names.map((name) => name.value).join(", ")}`)];
    case "program":
      return [style.dim(`sha256 ${change.file.sha256}, ${megabytes(change.file.packedBytes)} to send`)];
    case "key":
      return [];
  }
}

function renderChange(change: Change, { style, width }: PlanLook): string[] {
  const mark = isReplaced(change) ? "~" : MARK[change.kind];
  return [
    `${mark} ${style.bold(visible(change.path))}`,
    ...wrapText(visible(change.reason), width - 4).map((line) => style.dim(`    ${line}`)),
    ...bodyOf(change, style).map((line) => `    ${line}`),
  ];
}

const GATEWAY_LINES: Record<GatewayAction, readonly string[]> = {
  none: [],
  start: ["! start tetherdock-gateway.socket, tetherdock-gateway.service"],
  reload: ["! reload tetherdock-gateway.service"],
  restart: ["! restart tetherdock-gateway.service"],
  stop: ["! stop tetherdock-gateway.service, tetherdock-gateway.socket"],
};

const FLEET_LINES: Record<FleetAction, readonly string[]> = {
  none: [],
  start: ["! start tetherdock-fleet.path, tetherdock-fleet.service"],
  stop: ["! stop tetherdock-fleet.service, tetherdock-fleet.path"],
};

function actionsOf(plan: Plan): string[] {
  return [
    ...plan.stopSockets.map((unit) => `! stop ${visible(unit)}`),
    ...plan.restartSockets.map((unit) => `! restart ${visible(unit)}`),
    ...(plan.restart ? ["! restart docker.service"] : []),
    ...GATEWAY_LINES[plan.gateway],
    ...FLEET_LINES[plan.fleet],
  ];
}

function renderWarning(warning: string, { style, width }: PlanLook): string[] {
  return wrapText(visible(`warning: ${warning}`), width).map(style.yellow);
}

/**
 * The summary and what it warns of, then every change with its reason and the difference.
 * @param plan the one that was prepared, or a restart in its place
 * @returns one text a line
 */
export function renderPlan(plan: Plan, subject: PlanSubject, look: PlanLook): string[] {
  const actions = actionsOf(plan);
  return [
    visible(titleOf(subject)),
    ...summarisePlan(plan, subject.facts, look.width),
    ...plan.warnings.flatMap((warning) => renderWarning(warning, look)),
    ...plan.changes.flatMap((change) => ["", ...renderChange(change, look)]),
    ...(actions.length > 0 ? ["", ...actions] : []),
  ];
}

/** The first line of a plan: the line, where it is, and what runs there. */
export function titleOf({ line, facts, before }: PlanSubject): string {
  const engine = facts.engine ? `docker ${facts.engine.version}` : "docker is not running";
  const place = line.target ?? "this machine";
  return `${before ? "Line" : "New line"} ${line.name}: ${place}, ${facts.os.name}, ${engine}`;
}

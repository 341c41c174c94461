/** A plan as people read it: what changes, why, and the difference line by line. */
import { structuredPatch } from "diff";
import type { Prepared } from "../../app/up/index.ts";
import { visible } from "../../base/index.ts";
import type { Change, GatewayAction, Plan } from "../../host/index.ts";
import type { Style } from "../output/style.ts";

const MARK = { write: "+", key: "+", certificate: "+", link: "+", program: "+", remove: "-" } as const;

function megabytes(bytes: number): string {
  return `${Math.ceil(bytes / 1e6)} MB`;
}

function diffLines(before: string, after: string, style: Style): string[] {
  const { hunks } = structuredPatch("", "", before, after, "", "", { context: 2 });
  return hunks
    .flatMap((hunk) => hunk.lines.map(visible))
    .map((line) =>
      line.startsWith("+") ? style.green(line) : line.startsWith("-") ? style.red(line) : style.dim(line),
    );
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

function renderChange(change: Change, style: Style): string[] {
  const replaced = "before" in change && change.kind !== "remove" && change.before !== null;
  const mark = replaced ? "~" : MARK[change.kind];
  return [
    `${mark} ${style.bold(visible(change.path))}`,
    style.dim(`    ${visible(change.reason)}`),
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

/** @returns the whole plan, one text a line */
export function renderPlan(plan: Plan, title: string, style: Style): string[] {
  const sockets = [
    ...plan.stopSockets.map((unit) => `stop ${unit}`),
    ...plan.restartSockets.map((unit) => `restart ${unit}`),
  ];
  return [
    visible(title),
    ...plan.changes.flatMap((change) => renderChange(change, style)),
    ...sockets.map((what) => `! ${visible(what)}`),
    ...(plan.restart ? ["! restart docker.service"] : []),
    ...GATEWAY_LINES[plan.gateway],
    ...plan.warnings.map((warning) => style.yellow(`warning: ${visible(warning)}`)),
  ];
}

/** The first line of a plan: the line, where it is, and what runs there. */
export function titleOf({ line, facts, before }: Prepared): string {
  const engine = facts.engine ? `docker ${facts.engine.version}` : "docker is not running";
  const place = line.target ?? "this machine";
  return `${before ? "Line" : "New line"} ${line.name}: ${place}, ${facts.os.name}, ${engine}`;
}

/** What `up` says when all is proven. */

import {
  type CaReplacement,
  type Outcome,
  type Prepared,
  retyped,
  type UpResult,
} from "../../app/up/index.ts";
import { shellJoin } from "../../base/index.ts";
import type { AddressProof } from "../../host/index.ts";
import { evalCommand } from "../../line/index.ts";
import { readCertificate } from "../../pki/index.ts";
import type { Context } from "../context.ts";
import { ownShell } from "../lines/own-shell.ts";
import { createStyle, type Style } from "../output/style.ts";
import type { UpFlags } from "./flags.ts";

/** What was proven. */
type Proven = Extract<UpResult, { readonly kind: "proven" }>;

/** Everything there is to tell. */
export interface UpReport extends Omit<Proven, "kind"> {
  readonly flags: UpFlags;
  readonly tookMs: number;
}

function proofForJson({ target, named, state, required, reason, verdicts }: AddressProof) {
  const seen = verdicts.map(({ case: { kind }, ok, says }) => ({ kind, ok, says }));
  return {
    address: named ? target.serverName : target.endpoint.host,
    endpoint: target.endpoint,
    required,
    state,
    reason,
    seen,
  };
}

/** For `--json`. */
export function resultJson({ prepared, outcome, changed }: Omit<Proven, "kind">) {
  const { plan } = prepared;
  const changes = changed ? plan.changes.map(({ kind, path, reason }) => ({ kind, path, reason })) : [];
  const { restartMs, line, reissued } = outcome;
  const proofs = outcome.proofs.map(proofForJson);
  return { line, changed, changes, restartMs, proofs, reissued };
}

// Only what the host claims can be left unproven: what the user named ends in an error.
function proofLine({ state, reason, target, named }: AddressProof, style: Style): string {
  const { serverName, endpoint } = target;
  if (state === "proven" && !named)
    return `${style.green("proven:")} ${reason}; to use this address too: --san ${endpoint.host}`;
  const other = serverName === endpoint.host ? "" : ` (${serverName})`;
  if (state === "proven") return `${style.green("proven:")} ${reason}${other}`;
  return style.dim(`unproven: ${reason}; only the host claims this address`);
}

/** What becomes of the line's CA, and what is next. */
function caLines({ identity: { authority, ca, caChange }, request }: Prepared): string[] {
  const isDone = caChange.state === "switched" || (caChange.state === "one" && request.finishNewCa);
  if (caChange.next === null && !isDone) return [];
  const key = `sha256:${readCertificate(caChange.next ?? ca).publicKeyFingerprint}`;
  if (isDone) return [`the line has the new CA, ${key}`, `  CI jobs need it in their settings: --pin ${key}`];
  const again = retyped({ ...request, newCa: false, finishNewCa: true });
  return [
    `a new CA is offered to the clients: ${key}`,
    "  they fetch it when they renew; at once: tetherdock renew --force",
    "  tetherdock client ls   # who has it",
    `  CI jobs take both meanwhile: --pin sha256:${authority.facts.publicKeyFingerprint} --pin ${key}`,
    `  ${again}   # when everybody has it`,
  ];
}

/** In native mode: whose access has ended, and what each of the others needs. */
function replacedLines(
  { identity: { ca }, twins }: Prepared,
  { revokes }: CaReplacement,
  { line, reissued }: Outcome,
): string[] {
  const renew = shellJoin(["tetherdock", "renew", line.name, "--certificate"]);
  return [
    `the line has a new CA, sha256:${readCertificate(ca).publicKeyFingerprint}; certificates of the old one no longer work`,
    ...(revokes.length === 0 ? [] : [`revoked: ${[...revokes, ...twins].join(", ")}`]),
    ...(reissued.length === 0
      ? []
      : [
          "send each of these clients their file, which is no secret:",
          ...reissued.map(({ name, path }) => `  ${name}: ${path}`),
          `they type, on their machines: ${renew} FILE   # with the line's name there`,
        ]),
    "  whoever imported the line, or is not recorded here, needs a new export or invitation",
  ];
}

/** What was proven, and the resulting line. */
export function resultLines(
  { prepared, outcome, changed }: Pick<Proven, "prepared" | "outcome" | "changed">,
  style: Style,
): string[] {
  const { line, proofs } = outcome;
  const { caChange } = prepared.identity;
  const { atOnce } = caChange;
  const what = changed ? "is up" : "is up already: nothing to do";
  return [
    ...proofs.map((proof) => proofLine(proof, style)),
    style.bold(`line ${line.name} ${what}`),
    ...(atOnce === null ? caLines(prepared) : replacedLines(prepared, atOnce, outcome)),
  ];
}

/** JSON on stdout, or a summary on stderr. */
export function reportUp(context: Context, report: UpReport): void {
  if (report.flags.json) {
    context.stdout.json({ ...resultJson(report), tookMs: report.tookMs });
    return;
  }
  const { line } = report.outcome;
  const next = [
    "",
    "Use it:",
    `  ${evalCommand(ownShell(context), `tetherdock env ${line.name}`)}; docker ps`,
    `  tetherdock context create ${line.name} --use`,
  ];
  const style = createStyle(context.terminal.colour.stderr);
  context.stderr.lines([...resultLines(report, style), ...(report.changed ? next : [])]);
}

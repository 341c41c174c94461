/** How a change that waits for signatures is shown. */
import { allNeeded, type Waiting } from "../../../app/fleet/index.ts";
import { counted, quoteForeign, TetherdockError } from "../../../base/index.ts";
import { calledOperator, type Difference } from "../../../fleet/index.ts";
import type { Context } from "../../context.ts";
import { jsonTime } from "../../output/json-time.ts";
import { date } from "../../output/when.ts";

/** In pieces, so that nothing is left out: a text of somebody else's is shown up to a length. */
function whole(text: string): string {
  const pieces = text.match(/.{1,250}/gsu) ?? [""];
  return pieces.map(quoteForeign).join(" ");
}

function differenceLine({ what, name, before, after }: Difference): string {
  const of = name === "" ? what : `${what} ${whole(name)}`;
  if (before === null) return `  + ${of}: ${whole(after ?? "")}`;
  if (after === null) return `  - ${of}: ${whole(before)}`;
  return `  ~ ${of}: ${whole(before)} becomes ${whole(after)}`;
}

const signersOf = ({ proposal }: Waiting): readonly string[] => [
  ...new Set(proposal.signers.map(calledOperator)),
];

/** All of it, however long: an operator signs what they have seen. */
export function waitingLines(waiting: Waiting): string[] {
  const { fleet, proposal, differences } = waiting;
  const by = signersOf(waiting).map(quoteForeign).join(", ");
  const { missing } = proposal;
  const waits = missing === 0 ? "waits to be published" : `waits for ${counted(missing, "more signature")}`;
  const why = allNeeded(proposal.operators.length, proposal.threshold);
  const isAboutOperators = differences.some(
    ({ what }) => what === "operator's key" || what === "signatures needed",
  );
  return [
    `${fleet.name}: a change ${waits}; signed by ${by}`,
    ...differences.map(differenceLine),
    ...(isAboutOperators && why !== null ? [`  then ${why}`] : []),
    ...(differences.length === 0 ? ["  the list stays as it is"] : []),
    ...(waiting.isOnlyHere
      ? [`  only this machine has it: tetherdock fleet sign --fleet ${fleet.name} puts it in the store again`]
      : []),
    `  the list then lasts until ${date(proposal.until)}`,
  ];
}

/** What cannot be signed stops no other change, so it is no failure. */
export function tellWaiting(
  { stdout, stderr }: Context,
  fleet: string,
  waiting: Waiting | TetherdockError | null,
): void {
  if (waiting === null) return;
  if (waiting instanceof TetherdockError) {
    stderr.line(`${fleet}: ${waiting.message}: ${waiting.why.map(quoteForeign).join("; ")}`);
    stderr.lines(waiting.hints.map((hint) => `try: ${hint}`));
  } else stdout.lines(waitingLines(waiting));
}

export function waitingJson(waiting: Waiting | TetherdockError): object {
  if (waiting instanceof TetherdockError) return waiting.toJSON();
  const { proposal, differences, isOnlyHere } = waiting;
  const { missing, threshold, until } = proposal;
  return {
    signedBy: signersOf(waiting),
    missing,
    threshold,
    until: jsonTime(until),
    isOnlyHere,
    differences,
  };
}

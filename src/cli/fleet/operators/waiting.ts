/** How a change that waits for signatures is shown. */
import type { Waiting } from "../../../app/fleet/index.ts";
import { quoteForeign } from "../../../base/index.ts";
import { calledOperator, type Difference } from "../../../fleet/index.ts";
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
  return [
    `${fleet.name}: a change waits, signed by ${by}; ${proposal.missing} of ${proposal.threshold} signatures missing`,
    ...differences.map(differenceLine),
    ...(differences.length === 0 ? ["  the list stays as it is"] : []),
    `  the list then lasts until ${date(proposal.until)}`,
  ];
}

export function waitingJson(waiting: Waiting): object {
  const { proposal, differences } = waiting;
  const { missing, threshold, until } = proposal;
  return { signedBy: signersOf(waiting), missing, threshold, until: jsonTime(until), differences };
}

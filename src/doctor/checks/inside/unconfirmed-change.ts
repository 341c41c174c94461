import { visible } from "../../../base/index.ts";
import { defineCheck } from "../../check.ts";
import { upCommand } from "../../endpoint-view.ts";

/** A change by `tetherdock up` that was neither confirmed nor undone. */
export const unconfirmedChange = defineCheck({
  id: "unconfirmed-change",
  states: "no tetherdock change is waiting to be confirmed or undone",
  needs: ["inside"],
  severity: "medium",
  consequence: "the change is incomplete; the host undoes it when the time is up",
  reference: "tetherdock help security",
  run: (subject) =>
    subject.inside.facts.transactions
      .filter(({ state }) => state !== "confirmed")
      .map(({ number, state, ownerAlive, about }) => ({
        where: `change ${number}`,
        says: ownerAlive
          ? "tetherdock is changing the host right now"
          : "an earlier tetherdock was interrupted before its change was confirmed",
        evidence: [
          visible(
            `state ${state}${about ? `, for the line ${about.lineName}, by ${about.by} at ${about.at}` : ""}`,
          ),
          `the undo is ${subject.inside.facts.undoArmed ? "armed" : "not armed"}`,
        ],
        fix: [`${upCommand(subject)}   # waits for it, or undoes it first`],
        severity: ownerAlive ? "info" : "medium",
      })),
});

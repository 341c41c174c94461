import { visible } from "../../../base/index.ts";
import { defineCheck } from "../../check.ts";
import { upCommand } from "../../endpoint-view.ts";

/** A change by `tetherdock up` that was neither confirmed nor undone. */
export const unconfirmedChange = defineCheck({
  id: "unconfirmed-change",
  states: "no change of tetherdock's waits to be confirmed or undone",
  needs: ["inside"],
  severity: "medium",
  consequence: "the host is between two states, and puts itself back when the time is over",
  reference: "tetherdock help security",
  run: (subject) =>
    subject.inside.facts.transactions
      .filter(({ state }) => state !== "confirmed")
      .map(({ number, state, ownerAlive, about }) => ({
        where: `change ${number}`,
        says: ownerAlive
          ? "a tetherdock is changing the host at this moment"
          : "an earlier tetherdock was cut off before its change was confirmed",
        evidence: [
          visible(
            `state ${state}${about ? `, for the line ${about.lineName}, by ${about.by} at ${about.at}` : ""}`,
          ),
          `the undo is ${subject.inside.facts.undoArmed ? "armed" : "not armed"}`,
        ],
        fix: [`${upCommand(subject)}   # lets it end, or puts the host back first`],
        severity: ownerAlive ? "info" : "medium",
      })),
});

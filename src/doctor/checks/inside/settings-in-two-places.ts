import { shellJoin, visible } from "../../../base/index.ts";
import { settingsInBothPlaces } from "../../../facts/index.ts";
import { defineCheck } from "../../check.ts";
import { upCommand } from "../../endpoint-view.ts";

/** The first error of users who follow Docker's manual on Debian. */
export const settingsInTwoPlaces = defineCheck({
  id: "settings-in-two-places",
  states: "each API setting comes from one place, flags or daemon.json",
  needs: ["inside"],
  severity: "medium",
  consequence: "dockerd does not start if a setting is both a flag and in daemon.json",
  reference: "https://github.com/moby/moby/issues/25471",
  run: (subject) => {
    const { inside } = subject;
    const both = settingsInBothPlaces(inside.facts, inside.unitCommandLine);
    if (both.length === 0) return [];
    const { path } = inside.facts.daemonJson;
    const state = inside.facts.service.active ? "still runs because it started earlier" : "does not run";
    return [
      {
        where: visible(path),
        says: `${both.join(", ")} is set both in daemon.json and in the unit's flags: dockerd ${state}`,
        evidence: [
          visible(`the unit starts ${shellJoin(inside.unitCommandLine)}`),
          visible(`${path} sets ${both.join(", ")}`),
        ],
        fix: [`${upCommand(subject)}   # removes the flags from the unit and keeps daemon.json`],
      },
    ];
  },
  fixedByUp: true,
});

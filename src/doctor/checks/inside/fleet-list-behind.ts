import { visible } from "../../../base/index.ts";
import { isListRefused } from "../../../facts/index.ts";
import { defineCheck, type Problem } from "../../check.ts";
import type { FleetOnHost, SubjectLine } from "../../subject.ts";

/** This machine's copy is newer, or its list names a host that has none. */
function behindCopy({ list }: FleetOnHost, { name: host, fleets }: SubjectLine): Problem[] {
  const behind = fleets.filter(({ version }) => list === null || list.version < version);
  return behind.map(({ name, version }) => ({
    where: `fleet ${name}`,
    says:
      list === null
        ? "the host is not in the fleet, whose list names it"
        : `the host has version ${list.version} of the list; on this machine it is ${version}`,
    evidence: [
      `this machine: version ${version}`,
      `the host:     ${list === null ? "none" : `version ${list.version}`}`,
    ],
    fix:
      list === null
        ? [`tetherdock fleet join ${host} --fleet ${name}`]
        : [`tetherdock fleet push --fleet ${name}`, `tetherdock fleet status --fleet ${name}`],
  }));
}

const unread = ({ unreadFleets = [] }: SubjectLine): Problem[] =>
  unreadFleets.map(({ where, evidence, fix }) => ({
    ...{ where, evidence, fix, severity: "low" },
    says: "it cannot be read on this machine: whether the host has its newest list is not known",
  }));

function refusing({ process }: FleetOnHost): Problem[] {
  const { list: said = "" } = process?.said ?? {};
  if (!isListRefused(said)) return [];
  return [
    {
      where: "the store's list",
      says: "the host refuses the list that is in the store, and keeps the one that it has",
      evidence: [visible(said)],
      fix: ["tetherdock fleet push   # on the operator's machine: publishes the list again"],
    },
  ];
}

export const fleetListBehind = defineCheck({
  id: "fleet-list-behind",
  states: "the host has the newest list of its fleet that this machine knows, and takes the one in the store",
  needs: ["inside"],
  severity: "medium",
  consequence: "changes since then are not in force on the host: who was revoked may still get in",
  reference: "tetherdock help fleet",
  run: ({ inside: { fleet }, line }) => [
    ...(line ? [...behindCopy(fleet, line), ...unread(line)] : []),
    ...refusing(fleet),
  ],
});

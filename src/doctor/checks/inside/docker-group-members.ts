import { shellQuote, visible } from "../../../base/index.ts";
import { defineCheck } from "../../check.ts";

/** Members of the group `docker` who could not become root otherwise. */
export const dockerGroupMembers = defineCheck({
  id: "docker-group-members",
  states: "every member of group docker can become root by sudo as well",
  needs: ["inside"],
  severity: "low",
  consequence: "a member of the group can become root without a password and without an entry in sudo's log",
  reference: "https://docs.docker.com/engine/install/linux-postinstall/",
  run: ({ inside }) => {
    const anyway = new Set(["root", ...inside.sudoers]);
    const members = inside.dockerGroup.filter((member) => !anyway.has(member)).map(visible);
    if (members.length === 0) return [];
    return [
      {
        where: "group docker",
        says: `${members.join(", ")} can become root through group docker`,
        evidence: [`members: ${inside.dockerGroup.map(visible).join(", ")}`],
        fix: members.map(
          (member) => `gpasswd -d ${shellQuote(member)} docker   # on the host, unless this is intended`,
        ),
      },
    ];
  },
});

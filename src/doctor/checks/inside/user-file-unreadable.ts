import { visible } from "../../../base/index.ts";
import { freeingCommand, type UserFileFact } from "../../../facts/index.ts";
import { defineCheck, type Problem } from "../../check.ts";

function problem(file: UserFileFact): Problem {
  const { folder, name, type, bytes } = file;
  const where = visible(`${folder}/${name}`);
  return {
    where,
    says:
      type === "regular file"
        ? "a container's /etc/passwd or /etc/group is very large"
        : "a container's /etc/passwd or /etc/group is not an ordinary file",
    evidence: [`${where}: ${visible(type)}, ${bytes} bytes`],
    fix: [freeingCommand(file), "docker ps -a   # then: remove the container, or its restart policy"],
  };
}

/** dockerd opens these files as root, without a look at what they are, and reads them to the end. */
export const userFileUnreadable = defineCheck({
  id: "user-file-unreadable",
  states: "in each running container, /etc/passwd and /etc/group are ordinary files",
  needs: ["inside"],
  severity: "medium",
  consequence:
    "dockerd opens them when it starts a process there: a named pipe stops it for ever, also while it starts itself, and a very large file fills the memory",
  reference: "tetherdock help troubleshooting",
  run: ({ inside }) => inside.facts.userFiles.map(problem),
});

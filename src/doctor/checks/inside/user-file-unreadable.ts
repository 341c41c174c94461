import { shellQuote, visible } from "../../../base/index.ts";
import { defineCheck, type Problem } from "../../check.ts";
import type { UserFileFact } from "../../subject.ts";

/**
 * Moves it away, so that nothing else opens it, and then opens it once for what waits. `cd -P`, and names without a slash: a
 * process in the container could put a link to the host's files in a path, but not into the working directory.
 */
function freeing({ folder: path, name, type }: UserFileFact): string {
  const folder = shellQuote(visible(path));
  const open = `dd if=/dev/null of=${name}.old oflag=nofollow,nonblock conv=nocreat,notrunc`;
  const steps = type === "fifo" ? `mv ${name} ${name}.old && ${open}; rm -f ${name}.old` : `rm -f ${name}`;
  return `(cd -P ${folder} && [ "$PWD" = ${folder} ] && { ${steps}; })   # on the host, as root`;
}

function problem(file: UserFileFact): Problem {
  const { folder, name, type, bytes } = file;
  const where = visible(`${folder}/${name}`);
  return {
    where,
    says:
      type === "regular file"
        ? `a container's /etc/${name} is very large`
        : `a container's /etc/${name} is not an ordinary file`,
    evidence: [`${where}: ${visible(type)}, ${bytes} bytes`],
    fix: [freeing(file), "docker ps -a   # then: remove the container, or its restart policy"],
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
  run: ({ inside }) => inside.userFiles.map(problem),
});

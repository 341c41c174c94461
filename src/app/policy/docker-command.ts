/**
 * Commands that `policy explain` and `policy test` run on this machine: docker clients that talk to the recording socket and
 * to nothing else. A file with cases may be somebody else's, and a client that is told to talk to a real engine would do what
 * it is only asked to show.
 */
import { shellJoin, TetherdockError } from "../../base/index.ts";

/** Found by PATH: a path could be any program. */
const CLIENTS: readonly string[] = ["docker", "docker-compose"];

/** Commands whose arguments may be another program's, and which take no global options. */
const WITH_PROGRAM: readonly string[] = ["container", "create", "exec", "run"];

/** Options that name an engine, its context or a builder; docker's plugins, such as compose, take them too. */
const ELSEWHERE = /^(?:-H|--(?:host|context|config|builder)(?:$|=))/;

function refused(command: readonly string[], why: string): TetherdockError {
  return new TetherdockError("POLICY_COMMAND_FAILED", `${shellJoin(command)} was not run`, {
    why: [why],
    hints: ["name a docker command without global options, such as docker run nginx"],
  });
}

/** @throws POLICY_COMMAND_FAILED */
export function requireDockerCommand(command: readonly string[]): void {
  const [program = "", ...words] = command;
  const [first = ""] = words;
  if (!CLIENTS.includes(program)) throw refused(command, "only docker and docker-compose are run");
  const isGlobal = program === "docker" && first.startsWith("-");
  const others = WITH_PROGRAM.includes(first) ? [] : words;
  const option = isGlobal ? first : others.find((word) => ELSEWHERE.test(word));
  if (option !== undefined)
    throw refused(command, `${option.split("=")[0]} could name another engine than the recording socket`);
}

/** dockerd's command line as systemd will run it, without our own drop-in. */
import { quoteForeign, TetherdockError } from "../../../base/index.ts";
import {
  type DaemonFlags,
  type ExecStart,
  type HostFacts,
  readDaemonFlags,
  readExecStart,
  SERVICE_DROP_IN,
  type Word,
} from "../../../facts/index.ts";

/** The parsed command line. Words of `rest` are unexpanded: systemd expands them as before. */
export interface DaemonCommand extends DaemonFlags {
  readonly program: Word;
  /** Whether ExecStart expands `$DOCKER_OPTS` and nobody sets it. */
  readonly optsFree: boolean;
  /** Its source: the last file that sets ExecStart. */
  readonly path: string;
  /** Variables that contain flags for the API's sockets, which are removed. */
  readonly replaced: readonly string[];
}

function unreadable(message: string, why: string[]): TetherdockError {
  return new TetherdockError("UNIT_UNREADABLE", message, { why, hints: ["systemctl cat docker.service"] });
}

/** The written word, if all of its expansion stays; otherwise the words that stay. */
function remaining(command: ExecStart, rest: ReadonlySet<Word>): Word[] {
  return command.arguments.flatMap(({ written, words }) => {
    const kept = words.filter((word) => rest.has(word));
    return kept.length === words.length ? [written] : kept;
  });
}

/** @throws UNIT_UNREADABLE when there is not exactly one ExecStart, or it is too long for Linux to start */
export function daemonCommand(facts: HostFacts): DaemonCommand {
  const units = facts.service.units.filter((unit) => unit.path !== SERVICE_DROP_IN);
  const read = readExecStart({ ...facts.service, units });
  const sources = units.map((unit) => `read ${quoteForeign(unit.path)}`);
  if (!read.ok && read.count !== 1)
    throw unreadable(`docker.service has ${read.count} ExecStart lines, not one`, sources);
  if (!read.ok) throw unreadable("the command of docker.service is too long", sources);
  const { command, environment } = read;
  const flags = readDaemonFlags(command.arguments.flatMap(({ words }) => words));
  const rest = new Set(flags.rest);
  const taken = command.arguments.filter(({ words }) => words.some((word) => !rest.has(word)));
  const opts = command.arguments.filter(
    ({ isSplit, variables }) => isSplit && variables.includes("DOCKER_OPTS"),
  );
  return {
    ...flags,
    rest: remaining(command, rest),
    program: command.program,
    optsFree: opts.length > 0 && !environment.get("DOCKER_OPTS"),
    path: command.path,
    replaced: [...new Set(taken.flatMap(({ variables }) => variables))],
  };
}

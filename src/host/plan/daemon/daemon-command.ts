/** dockerd's command line as systemd will run it, our own drop-in left out. */
import { quoteForeign, TetherdockError } from "../../../base/index.ts";
import {
  type DaemonFlags,
  expandWords,
  type HostFacts,
  mergedList,
  parseEnvironmentFile,
  readDaemonFlags,
  SERVICE_DROP_IN,
  splitCommand,
  splitEnvironment,
  type Word,
} from "../../../facts/index.ts";

/** The command line, taken apart, with variables replaced where they carry flags for the API's sockets. */
export interface DaemonCommand extends DaemonFlags {
  readonly program: Word;
  /** Whether `$DOCKER_OPTS` is expanded by ExecStart and set by nobody. */
  readonly optsFree: boolean;
  /** Where it comes from: the last file that sets ExecStart. */
  readonly path: string;
  /** Variables that were replaced by what they stood for, with the file or unit that sets them. */
  readonly replaced: readonly string[];
}

function environmentOf(facts: HostFacts): Map<string, string> {
  const units = facts.service.units.filter((unit) => unit.path !== SERVICE_DROP_IN);
  const own = mergedList(units, "Service", "Environment").flatMap((a) => [...splitEnvironment(a.value)]);
  // EnvironmentFile= wins over Environment= (systemd.exec(5)).
  const files = facts.service.environmentFiles.flatMap((file) => [...parseEnvironmentFile(file.text)]);
  return new Map([...own, ...files]);
}

function variableName(word: Word): string | null {
  return /^\$\{?([A-Za-z_][A-Za-z0-9_]*)\}?$/.exec(word.value)?.[1] ?? null;
}

/**
 * @throws UNIT_UNREADABLE when there is not exactly one ExecStart
 */
export function daemonCommand(facts: HostFacts): DaemonCommand {
  const units = facts.service.units.filter((unit) => unit.path !== SERVICE_DROP_IN);
  const commands = mergedList(units, "Service", "ExecStart");
  const [command] = commands;
  const [program, ...words] = splitCommand(command?.value ?? "");
  if (!command || !program || commands.length > 1)
    throw new TetherdockError(
      "UNIT_UNREADABLE",
      `docker.service has ${commands.length} ExecStart lines, not one`,
      {
        why: units.map((unit) => `read ${unit.path}`),
        hints: ["systemctl cat docker.service"],
      },
    );
  const environment = environmentOf(facts);
  const replaced: string[] = [];
  const expanded = expandWords(words, (word) => {
    const name = variableName(word);
    const value = splitCommand((name && environment.get(name)) || "");
    const flags = readDaemonFlags(value);
    if (!name || (flags.hosts.length === 0 && flags.tls.size === 0)) return [word];
    replaced.push(name);
    return value;
  });
  if (!expanded)
    throw new TetherdockError("UNIT_UNREADABLE", "the command of docker.service has too many words", {
      why: [`read ${quoteForeign(command.path)}`],
      hints: ["systemctl cat docker.service"],
    });
  return {
    ...readDaemonFlags(expanded),
    program,
    optsFree: words.some((word) => variableName(word) === "DOCKER_OPTS") && !environment.get("DOCKER_OPTS"),
    path: command.path,
    replaced,
  };
}

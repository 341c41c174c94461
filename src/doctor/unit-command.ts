/** docker.service's command line as systemd would start it now: files merged, variables put in. */
import {
  expandWords,
  mergedList,
  parseEnvironmentFile,
  type ServiceFact,
  splitCommand,
  splitEnvironment,
} from "../facts/index.ts";

/** Prefixes of ExecStart's program that are not part of its path: systemd.service(5), "special executable prefixes". */
const PREFIX = /^[@:+!|-]+/;
const WHOLE_VARIABLE = /^\$(?:([A-Za-z_][A-Za-z0-9_]*)|\{([A-Za-z_][A-Za-z0-9_]*)\})$/;
const VARIABLE = /\$\$|\$\{([A-Za-z_][A-Za-z0-9_]*)\}/g;

/** The specifiers that stand for something fixed in docker.service; the others stay as they are written. */
const SPECIFIERS: Readonly<Record<string, string>> = {
  "%%": "%",
  "%n": "docker.service",
  "%N": "docker",
  "%p": "docker",
  "%i": "",
};

/**
 * The environment that the unit gives its command.
 * @returns the variables; an EnvironmentFile= wins over Environment= (systemd.exec(5))
 */
function unitEnvironment(service: ServiceFact): Map<string, string> {
  const own = mergedList(service.units, "Service", "Environment").flatMap(({ value }) => [
    ...splitEnvironment(value),
  ]);
  const files = service.environmentFiles.flatMap(({ text }) => [...parseEnvironmentFile(text)]);
  return new Map([...own, ...files]);
}

// `$X` alone becomes any number of words; `${X}` is always one, or a part of one.
function expandWord(value: string, environment: ReadonlyMap<string, string>): string[] {
  const whole = WHOLE_VARIABLE.exec(value);
  if (whole?.[1] !== undefined)
    return splitCommand(environment.get(whole[1]) ?? "").map((word) => word.value);
  const filled = value.replace(/%./g, (text) => SPECIFIERS[text] ?? text);
  return [
    filled.replace(VARIABLE, (text, name?: string) =>
      text === "$$" ? "$" : (environment.get(name ?? "") ?? ""),
    ),
  ];
}

/**
 * @returns the words, program first; none when there is not exactly one ExecStart, or one without end
 * @see systemd.service(5), "Command lines"
 */
export function unitCommandLine(service: ServiceFact): string[] {
  const commands = mergedList(service.units, "Service", "ExecStart");
  const [program, ...words] = splitCommand(commands[0]?.value ?? "");
  if (program === undefined || commands.length !== 1) return [];
  const environment = unitEnvironment(service);
  const expanded = expandWords(words, ({ value }) => expandWord(value, environment));
  return expanded === null ? [] : [program.value.replace(PREFIX, ""), ...expanded];
}

/**
 * Whether a running process was started with this command line.
 * @param running /proc/PID/cmdline; a script's begins with its interpreter
 * @param unit what {@link unitCommandLine} gives; a word with a specifier left in it equals any word
 */
export function startedAs(running: readonly string[], unit: readonly string[]): boolean {
  const same = running.slice(-unit.length);
  return (
    running.length >= unit.length &&
    unit.every((word, at) => /%[A-Za-z]/.test(word) || word === same[at]) &&
    (running.length === unit.length || running.length - unit.length <= 2)
  );
}

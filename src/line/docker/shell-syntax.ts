/** Assignments in the syntax of each shell, for `eval`. */
import { shellQuote, TetherdockError } from "../../base/index.ts";

/** How one shell sets and removes variables, and evaluates output. */
interface ShellSyntax {
  readonly set: (name: string, value: string) => string;
  readonly unset: (name: string) => string;
  /** What to type so that the output of `command` takes effect. */
  readonly evaluate: (command: string) => string;
  /** A statement that fails and does nothing else. */
  readonly fail: string;
  /** Characters that this shell's quoting cannot make safe, besides control characters. */
  readonly refused?: RegExp;
}

const posix: ShellSyntax = {
  set: (name, value) => `export ${name}=${shellQuote(value)}`,
  unset: (name) => `unset ${name}`,
  evaluate: (command) => `eval "$(${command})"`,
  fail: "false",
};

const fish: ShellSyntax = {
  set: (name, value) => `set -gx ${name} '${value.replace(/[\\']/g, "\\$&")}';`,
  unset: (name) => `set -e ${name};`,
  evaluate: (command) => `${command} | source`,
  fail: "false;",
};

/** PowerShell treats typographic quotes as plain ones; doubling escapes each of them. */
const powershell: ShellSyntax = {
  set: (name, value) => `$Env:${name} = '${value.replace(/['\u2018-\u201b]/g, "$&$&")}'`,
  unset: (name) => `Remove-Item Env:\\${name} -ErrorAction SilentlyContinue`,
  evaluate: (command) => `${command} | Out-String | Invoke-Expression`,
  fail: "throw 'tetherdock: no line is selected'",
};

/** cmd expands % and ! inside quotes, and no escape for them works both when typed and in a batch file. */
const cmd: ShellSyntax = {
  set: (name, value) => `SET "${name}=${value}"`,
  unset: (name) => `SET "${name}="`,
  evaluate: (command) => `FOR /f "tokens=*" %i IN ('${command}') DO @%i`,
  fail: "cmd /c exit 1",
  refused: /["%!^]/,
};

const SYNTAXES = { bash: posix, zsh: posix, sh: posix, fish, powershell, cmd } as const;

/** A shell whose syntax we write. */
export type Shell = keyof typeof SYNTAXES;

/** All shells that `--shell` accepts. */
export const SHELLS = Object.keys(SYNTAXES) as Shell[];

/** Shells that use the syntax of another one. */
const ALIKE: Readonly<Record<string, Shell>> = {
  dash: "sh",
  ash: "sh",
  ksh: "sh",
  mksh: "sh",
  pwsh: "powershell",
};

/**
 * Guesses the shell that will evaluate the output.
 * @param path `$SHELL`: the login shell, which may differ from the running one; hence `--shell`
 * @param platform `process.platform`
 * @throws SHELL_UNKNOWN for a shell with another syntax
 */
export function guessShell(path: string | undefined, platform: string): Shell {
  if (!path) return platform === "win32" ? "powershell" : "sh";
  const name = (path.split(/[/\\]/).at(-1) ?? "").replace(/\.exe$/i, "");
  const shell = SHELLS.find((known) => known === name) ?? ALIKE[name];
  if (shell) return shell;
  throw new TetherdockError("SHELL_UNKNOWN", `unsupported shell "${name}" ($SHELL)`, {
    why: [`supported shells: ${SHELLS.join(", ")}`],
    hints: ["tetherdock env --shell sh", "tetherdock run -- COMMAND"],
  });
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: refusing them is the point
const CONTROL = /[\u0000-\u001f\u007f]/;

function assertQuotable(shell: Shell, name: string, value: string): void {
  const syntax: ShellSyntax = SYNTAXES[shell];
  const bad = CONTROL.exec(value) ?? syntax.refused?.exec(value);
  if (!bad) return;
  throw new TetherdockError("SHELL_UNQUOTABLE", `cannot write ${name} for ${shell}`, {
    why: [`its value has a ${JSON.stringify(bad[0])}, which ${shell} cannot quote`],
    hints: ["set TETHERDOCK_HOME to a path without it, or use: tetherdock run -- COMMAND"],
  });
}

/** What to set and what to remove. */
export interface EnvironmentChange {
  readonly set: Readonly<Record<string, string>>;
  readonly unset: readonly string[];
}

/**
 * Writes the change as text for `eval`, one statement for each line.
 * @throws SHELL_UNQUOTABLE when a value cannot be written safely
 */
export function formatForShell(shell: Shell, change: EnvironmentChange): string {
  const syntax = SYNTAXES[shell];
  const set = Object.entries(change.set).map(([name, value]) => {
    assertQuotable(shell, name, value);
    return syntax.set(name, value);
  });
  return [...set, ...change.unset.map(syntax.unset)].map((statement) => `${statement}\n`).join("");
}

/**
 * What to evaluate when no line can be selected: removes the variables, so that no earlier engine stays selected,
 * and then fails, so that `eval "$(…)" && …` stops.
 */
export function selectNothing(shell: Shell, variables: readonly string[]): string {
  const { unset, fail } = SYNTAXES[shell];
  return [...variables.map(unset), fail].map((statement) => `${statement}\n`).join("");
}

/** @returns what to type so that `command`'s output takes effect in this shell. */
export function evalCommand(shell: Shell, command: string): string {
  return SYNTAXES[shell].evaluate(command);
}

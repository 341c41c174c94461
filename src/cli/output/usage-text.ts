/**
 * stricli's complaints in our words. stricli asks for a text to print at once; we keep the failure
 * instead, so that main reports usage errors and command errors through one door.
 */
import {
  AliasNotFoundError,
  type ApplicationText,
  ArgumentParseError,
  EnumValidationError,
  FlagNotFoundError,
  InvalidNegatedFlagSyntaxError,
  text_en,
  UnexpectedFlagError,
  UnexpectedPositionalError,
  UnsatisfiedFlagError,
  UnsatisfiedPositionalError,
} from "@stricli/core";
import { nearest, shellJoin, TetherdockError } from "../../base/index.ts";

const WORD = /^[a-z]+(?:-[a-z]+)*$/;

/** Commands whose next word is a command too. */
const GROUPS = new Set(["agent", "audit", "client", "context", "fleet", "fleet client", "gateway", "policy"]);

/** Groups in which people look for a command without naming the group, by likelihood. */
const WORDS_OF_GROUPS: Readonly<Record<string, readonly string[]>> = {
  client: ["invite", "approve", "revoke", "restore", "role", "rename", "expires", "show", "add"],
  audit: ["verify", "fetch"],
  gateway: ["sessions"],
};

/** The command line with the group that has such a command. */
function inGroup(args: readonly string[]): string[] {
  const [word = ""] = args;
  return Object.entries(WORDS_OF_GROUPS)
    .filter(([, words]) => words.includes(word))
    .map(([group]) => shellJoin(["tetherdock", group, ...args]));
}

/** How many words at the start of the command line are names of groups. */
function groupWords(args: readonly string[]): number {
  let count = 0;
  while (GROUPS.has(args.slice(0, count + 1).join(" "))) count += 1;
  return count;
}

/** What the user could type next when we know nothing better. */
function helpFor(args: readonly string[]): string {
  const [command = ""] = args;
  if (command === "run" && !args.includes("--")) return "tetherdock run -- COMMAND [ARGUMENT...]";
  if (!WORD.test(command)) return "tetherdock --help";
  // An unknown word after a group is another complaint, which does not come here.
  const groups = groupWords(args);
  const words = args.slice(0, WORD.test(args[groups] ?? "") ? groups + 1 : groups);
  return `tetherdock ${words.join(" ")} --help`;
}

/** The command line as it was perhaps meant, for each word that could stand in place of the wrong one. */
function corrected(args: readonly string[], wrong: string, words: readonly string[]): string[] {
  const at = args.findIndex((arg) => arg === wrong || arg.startsWith(`${wrong}=`));
  if (at < 0) return [];
  const end = (args[at] ?? "").slice(wrong.length);
  return words.map((word) => shellJoin(["tetherdock", ...args.with(at, word + end)]));
}

/** Another command does that. */
const elsewhere = ([command]: readonly string[], option: string): string[] =>
  command === "up" && option === "all"
    ? ["tetherdock upgrade --all   # brings the hosts of all lines to this version"]
    : [];

interface Complaint {
  readonly message: string;
  readonly why?: string[];
  readonly hints?: string[];
}

// Of what stricli offers, nearest() leaves out the words that are not like the input.
function describe(error: unknown, args: readonly string[]): Complaint | undefined {
  if (error instanceof FlagNotFoundError) {
    const options = nearest(error.input, error.corrections).map((option) => `--${option}`);
    const hints = [...corrected(args, `--${error.input}`, options), ...elsewhere(args, error.input)];
    return { message: `there is no option --${error.input}`, hints };
  }
  if (error instanceof AliasNotFoundError) return { message: `there is no option -${error.input}` };
  if (error instanceof ArgumentParseError) {
    const why = error.exception instanceof Error ? error.exception.message : String(error.exception);
    return {
      message: `cannot read "${error.input}"`,
      why: [`${error.externalFlagNameOrPlaceholder}: ${why}`],
    };
  }
  if (error instanceof EnumValidationError) {
    const why = [`it takes one of: ${error.values.join(", ")}`];
    return { message: `--${error.externalFlagName} cannot be "${error.input}"`, why };
  }
  if (error instanceof UnexpectedPositionalError)
    return { message: `one argument too many: "${error.input}"` };
  if (error instanceof UnsatisfiedPositionalError)
    return { message: `an argument is missing: ${error.placeholder}` };
  if (error instanceof UnsatisfiedFlagError) {
    const option = `--${error.externalFlagName}`;
    return { message: args.includes(option) ? `${option} needs a value` : `${option} is missing` };
  }
  if (error instanceof UnexpectedFlagError)
    return { message: `--${error.externalFlagName} is given more than once` };
  if (error instanceof InvalidNegatedFlagSyntaxError)
    return { message: `--${error.externalFlagName} takes no value` };
  return undefined;
}

/** One complaint of the argument scanner as our error; what is no complaint stays what it is. */
function usageError(error: unknown, args: readonly string[]): unknown {
  // A parser of ours says best itself what it cannot read.
  if (error instanceof ArgumentParseError && error.exception instanceof TetherdockError)
    return error.exception;
  const found = describe(error, args);
  if (!found) return error;
  const { message, why = [], hints = [] } = found;
  return new TetherdockError("USAGE", message, { why, hints: [...hints, helpFor(args)] });
}

function unknownCommand(
  input: string,
  corrections: readonly string[],
  args: readonly string[],
): TetherdockError {
  const group = args.slice(0, groupWords(args));
  const names = nearest(
    input,
    corrections.map((name) => name.replaceAll("`", "")),
  );
  return new TetherdockError("USAGE", `there is no command "${input}"`, {
    hints: [
      ...(group.length === 0 ? inGroup(args) : []),
      ...corrected(args, input, names),
      ["tetherdock", ...group, "--help"].join(" "),
    ],
  });
}

/**
 * The texts for stricli, empty wherever something failed.
 * @param args the command line, for the hints
 * @param keep receives each failure
 */
export function createUsageText(args: readonly string[], keep: (failure: unknown) => void): ApplicationText {
  const kept = (failure: unknown): string => {
    keep(failure);
    return "";
  };
  return {
    ...text_en,
    headers: {
      usage: "Usage",
      aliases: "Aliases",
      commands: "Commands",
      flags: "Options",
      arguments: "Arguments",
    },
    briefs: {
      ...text_en.briefs,
      help: "Show this help",
      version: "Show the version",
      argumentEscapeSequence: "End of options",
    },
    noCommandRegisteredForInput: ({ input, corrections }) => kept(unknownCommand(input, corrections, args)),
    exceptionWhileParsingArguments: (error) => kept(usageError(error, args)),
    exceptionWhileLoadingCommandFunction: kept,
    exceptionWhileLoadingCommandContext: kept,
    exceptionWhileRunningCommand: kept,
    exceptionWhileRunningIntegrationHook: ({ exception }) => kept(exception),
    exceptionWhileRunningIntegrationFlag: ({ exception }) => kept(exception),
    commandErrorResult: kept,
  };
}

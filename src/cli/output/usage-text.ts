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
import { TetherdockError } from "../../base/index.ts";

/** What the user could type next when we know nothing better. */
function helpFor(args: readonly string[]): string {
  const [command = ""] = args;
  if (command === "run" && !args.includes("--")) return "tetherdock run -- COMMAND [ARGUMENT...]";
  return /^[a-z]+$/.test(command) ? `tetherdock ${command} --help` : "tetherdock --help";
}

function describe(error: unknown): { message: string; why?: string[]; hints?: string[] } | undefined {
  if (error instanceof FlagNotFoundError) {
    const why = error.corrections.map((other) => `did you mean --${other}?`);
    return { message: `there is no option --${error.input}`, why };
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
  if (error instanceof UnsatisfiedFlagError) return { message: `--${error.externalFlagName} needs a value` };
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
  const found = describe(error);
  if (!found) return error;
  const { message, why = [], hints = [] } = found;
  return new TetherdockError("USAGE", message, { why, hints: [...hints, helpFor(args)] });
}

function unknownCommand(input: string, corrections: readonly string[]): TetherdockError {
  return new TetherdockError("USAGE", `there is no command "${input}"`, {
    why: corrections.map((name) => `did you mean ${name.replaceAll("`", "")}?`),
    hints: ["tetherdock --help"],
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
    noCommandRegisteredForInput: ({ input, corrections }) => kept(unknownCommand(input, corrections)),
    exceptionWhileParsingArguments: (error) => kept(usageError(error, args)),
    exceptionWhileLoadingCommandFunction: kept,
    exceptionWhileLoadingCommandContext: kept,
    exceptionWhileRunningCommand: kept,
    exceptionWhileRunningIntegrationHook: ({ exception }) => kept(exception),
    exceptionWhileRunningIntegrationFlag: ({ exception }) => kept(exception),
    commandErrorResult: kept,
  };
}

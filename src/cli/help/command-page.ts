/** The help of a command, made from what its route declares. */
import { type Application, type Command, type RouteMap, text_en } from "@stricli/core";
import type { Context } from "../context.ts";
import { type Block, heading, plain, type Term } from "./blocks.ts";

/** A command, or a group of commands. */
export type Target = Application<Context>["root"];
type Parameters = Command<Context>["parameters"];
type Flag = NonNullable<Parameters["flags"]>[string];
type Positional = NonNullable<Parameters["positional"]>;

/** stricli has no way to ask for the lines that a route gives itself but in its own help. */
const FORMAT = {
  config: {
    caseStyle: "convert-camel-to-kebab",
    useAliasInUsageLine: false,
    onlyRequiredInUsageLine: false,
  },
  ansiColor: false,
  text: text_en,
} as const;

/** A group of commands. */
export function isGroup(target: Target): target is RouteMap<Context> {
  return "getAllEntries" in target;
}

/** The commands of a group that help lists. */
export function commandsOf(group: RouteMap<Context>): { name: string; target: Target }[] {
  return group
    .getAllEntries()
    .filter(({ hidden }) => !hidden)
    .map(({ name, target }) => ({ name: name["convert-camel-to-kebab"], target }));
}

const kebab = (name: string): string => name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
const placeholder = (text: string): string => text.toUpperCase().replaceAll(" OR ", "|");

function valueName(name: string, flag: Flag): string {
  if (flag.kind === "boolean" || flag.kind === "counter") return "";
  return ` ${placeholder(flag.placeholder ?? name)}`;
}

function textOf(flag: Flag): string {
  const { brief } = flag;
  const values = flag.kind === "enum" ? [`one of ${flag.values.join(", ")}`] : [];
  const isSet = "default" in flag && typeof flag.default === "string";
  return [brief, ...values].join("; ") + (isSet ? ` (default: ${flag.default})` : "");
}

function optionOf(name: string, flag: Flag, aliases: Readonly<Record<string, unknown>>): Term {
  const alias = Object.keys(aliases).find((letter) => aliases[letter] === name);
  const long = `--${kebab(name)}`;
  const isPair = flag.kind === "boolean" && flag.default !== false && flag.withNegated !== false;
  const names = isPair ? `${long}, --no-${kebab(name)}` : `${long}${valueName(name, flag)}`;
  return { name: `${alias === undefined ? "   " : `-${alias},`} ${names}`, text: textOf(flag) };
}

function argumentsOf(positional: Positional | undefined): Term[] {
  if (!positional) return [];
  if (positional.kind === "array") {
    const { parameter, minimum = 0 } = positional;
    const name = `${placeholder(parameter.placeholder ?? "argument")}...`;
    return [{ name: minimum > 0 ? name : `[${name}]`, text: parameter.brief }];
  }
  return positional.parameters.map((parameter) => {
    const name = placeholder(parameter.placeholder ?? "argument");
    return { name: parameter.optional ? `[${name}]` : name, text: parameter.brief };
  });
}

/** The lines that the route gives itself; null when it leaves them to be made. */
function ownUsage(target: Command<Context>, prefix: readonly string[]): string[] | null {
  const made = `  ${target.formatUsageLine({ ...FORMAT, prefix })}`;
  const rest = { additionalFlags: [], includeArgumentEscapeSequenceFlag: false, includeHidden: false };
  const lines = target.formatHelp({ ...FORMAT, ...rest, prefix }).split("\n");
  const usage = lines.slice(1, lines.indexOf(""));
  return usage[0] === made ? null : usage.map((line) => line.trim());
}

/** Indented lines stand as they are; the others are paragraphs, filled anew for each width. */
function describe(text: string): Block[] {
  const parts = text.split(/\n\n+/);
  return parts.map((part) => {
    const lines = part.split("\n");
    return lines.every((line) => line.startsWith("  "))
      ? { kind: "code", lines: lines.map((line) => line.slice(2)) }
      : { kind: "paragraph", text: plain(lines.join(" ")) };
  });
}

function section(title: string, terms: readonly Term[]): Block[] {
  return terms.length === 0 ? [] : [heading(title), { kind: "terms", terms }];
}

function usageOf(target: Target, prefix: readonly string[]): string[] {
  const name = prefix.join(" ");
  if (isGroup(target)) return [target.getDefaultCommand() ? `${name} [COMMAND]` : `${name} COMMAND`];
  const own = ownUsage(target, prefix);
  if (own) return own;
  const { flags = {}, positional } = target.parameters;
  const options = Object.keys(flags).length > 0 ? ["[OPTIONS]"] : [];
  return [[name, ...options, ...argumentsOf(positional).map((argument) => argument.name)].join(" ")];
}

function optionsOf(target: Target): Term[] {
  if (isGroup(target)) return [];
  const { flags = {}, aliases = {} } = target.parameters;
  return Object.entries(flags)
    .filter(([, flag]) => !("hidden" in flag && flag.hidden))
    .map(([name, flag]) => optionOf(name, flag, aliases));
}

const HELP: Term = { name: "-h, --help", text: "Show this help" };
const VERSION: Term = { name: "-V, --version", text: "Show the version" };

/**
 * @param target a command or a group of commands
 * @param prefix the words that lead to it, the program's name first
 */
export function commandPage(target: Target, prefix: readonly string[]): Block[] {
  const isRoot = prefix.length === 1;
  const usage = usageOf(target, prefix).map((line) => ({ name: line, text: "" }));
  const commands = isGroup(target) ? commandsOf(target) : [];
  return [
    ...section("Usage", usage),
    ...describe(target.fullDescription ?? target.brief),
    ...section(
      "Commands",
      commands.map(({ name, target: { brief } }) => ({ name, text: brief })),
    ),
    ...section("Arguments", isGroup(target) ? [] : argumentsOf(target.parameters.positional)),
    ...section("Options", [...optionsOf(target), HELP, ...(isRoot ? [VERSION] : [])]),
  ];
}

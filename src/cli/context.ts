/**
 * Everything that a command may use. Built once in start.ts; commands never use `process`, so a test can pass
 * anything else.
 */
import type { CommandContext } from "@stricli/core";
import type { Clock } from "../base/index.ts";
import type { ContextStore, Environment, LineStore } from "../line/index.ts";

/**
 * Where text goes, and the only way there. Whatever a text holds, it moves no cursor, hides nothing and begins no line:
 * control and format characters are written visibly. docs/adr/0016 has the rules.
 */
export interface Output {
  /** One line. A line break in the text is shown as `\n`, so no value can add a line of its own. */
  line(text: string): void;
  /** Each text is one line. */
  lines(texts: readonly string[]): void;
  /** Several lines in one text, from a renderer that has passed each value through `visible()`. */
  page(text: string): void;
  /** Indented JSON; what a terminal would obey is escaped as `\uXXXX`. */
  json(value: unknown): void;
  /** As it is, for another program: shell code, a certificate, SVG. Nothing that another machine has written. */
  data(text: string): void;
  /** A line that whatever is written next takes the place of; only for a terminal. */
  progress(text: string): void;
  clearProgress(): void;
  /** Resolves when the reader has taken enough for more, or has gone: who writes much waits for it. */
  drained(): Promise<void>;
  /** Aborted by a write that nobody reads any more: what would go on for long need not. */
  readonly closed: AbortSignal;
}

/** Which of the three streams are a terminal, and whether stdout and stderr may be coloured. */
export interface Terminal {
  readonly stdin: boolean;
  readonly stdout: boolean;
  readonly stderr: boolean;
  readonly colour: { readonly stdout: boolean; readonly stderr: boolean };
  /** Width of stdout in characters; 80 where it is no terminal. */
  readonly columns: number;
}

/** Questions to the user; asked on stderr, since stdout is data. */
export interface Prompts {
  /** @param hint the way without a terminal @returns the answer; @throws PROMPT_IMPOSSIBLE or INTERRUPTED (Ctrl-C) */
  confirm(question: string, hint?: string): Promise<boolean>;
  /** Text that is not shown while typed. @param hint the way without a terminal; @throws PROMPT_IMPOSSIBLE or INTERRUPTED */
  secret(question: string, hint?: string): Promise<string>;
}

/** The world of one command. */
export interface Context extends CommandContext, Environment {
  readonly stdout: Output;
  readonly stderr: Output;
  readonly clock: Clock;
  readonly terminal: Terminal;
  readonly prompts: Prompts;
  /** Aborted by the first Ctrl-C or SIGTERM; its reason is an INTERRUPTED TetherdockError. */
  readonly signal: AbortSignal;
  readonly lines: LineStore;
  /** The docker CLI's contexts; loaded when asked for, since `env` runs at every shell start. */
  contexts(): Promise<ContextStore>;
  /** Sets the exit status of a command that did its work and has no error to tell, such as `status`. */
  setExitStatus(status: number): void;
}

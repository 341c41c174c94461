/**
 * The only error class. It is thrown for everything that the user can understand and act on; any other error is a bug
 * in tetherdock.
 */
import { catalogue, type ErrorCode } from "./catalogue.ts";

/** One attempt and why it failed, so that an error can list several failures. */
export interface Attempt {
  readonly what: string;
  readonly why: string;
}

/** A hint to run the same command with another option. The use case knows what was typed, and completes the command. */
export interface Retype {
  readonly option: "native" | "replace-tls" | "port";
  /** For the option `port`. */
  readonly port?: number;
  /** Added to the command as a shell comment. */
  readonly remark?: string;
}

/** An error's fields besides its message. */
export interface ErrorParts {
  /** Why it happened, as far as it is known: one line each. */
  readonly why?: readonly string[];
  /** Next commands or actions, most useful first. A command is a separate string. */
  readonly hints?: readonly string[];
  readonly retype?: readonly Retype[];
  readonly attempts?: readonly Attempt[];
  /** Safe to show and to log: never key material. */
  readonly details?: Readonly<Record<string, unknown>>;
  readonly cause?: unknown;
}

/** A failure with a stable code, what happened, why, and what to type next. */
export class TetherdockError extends Error {
  override readonly name = "TetherdockError";
  readonly code: ErrorCode;
  readonly why: readonly string[];
  readonly hints: readonly string[];
  readonly retype: readonly Retype[];
  readonly attempts: readonly Attempt[];
  readonly details: Readonly<Record<string, unknown>>;

  /** @param message what happened: lower case, no full stop, present tense. */
  constructor(code: ErrorCode, message: string, parts: ErrorParts = {}) {
    super(message, parts.cause === undefined ? undefined : { cause: parts.cause });
    this.code = code;
    this.why = parts.why ?? [];
    this.hints = parts.hints ?? [];
    this.retype = parts.retype ?? [];
    this.attempts = parts.attempts ?? [];
    this.details = parts.details ?? {};
  }

  /** The same failure with more details. */
  with({
    why = [],
    hints = [],
    details = {},
  }: Pick<ErrorParts, "why" | "hints" | "details">): TetherdockError {
    return new TetherdockError(this.code, this.message, {
      why: [...this.why, ...why],
      hints: [...this.hints, ...hints],
      retype: this.retype,
      attempts: this.attempts,
      details: { ...this.details, ...details },
      cause: this,
    });
  }

  /** The process's exit status for this error. */
  get exitStatus(): number {
    return catalogue[this.code].exit;
  }

  /** The command that explains this code. */
  get help(): string {
    return `tetherdock help ${this.code}`;
  }

  /** For `--json`. It omits the cause, which may contain more than the user should paste. */
  toJSON(): Record<string, unknown> {
    const { code, message, why, hints, attempts, details, help } = this;
    return { error: { code, message, why, hints, attempts, details, help } };
  }
}

/** An error of any kind in one line, for a log or the middle of a message. */
export function inOneLine(error: unknown): string {
  const { message, why } = error as Error & { readonly why?: readonly string[] };
  return [message, ...(why ?? [])].join(": ");
}

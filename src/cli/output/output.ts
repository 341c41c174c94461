/** The only way to stdout and stderr (docs/adr/0016). tools/doors.ts refuses code that bypasses it. */
import { json, visible } from "../../base/index.ts";
import type { Output } from "../context.ts";
import { terminalLine } from "./style.ts";

const ERASE_LINE = "\r\u001b[2K";
/** What a progress line leaves of a terminal's width: a line that wraps is not erased. */
const MARGIN = 3;
const PLAIN_COLUMNS = 80;

class StreamOutput implements Output {
  readonly #open: () => NodeJS.WriteStream;
  readonly #mayLose: boolean;
  #stream: NodeJS.WriteStream | undefined;
  #isClosed = false;
  #hasProgress = false;
  #closing: AbortController | undefined;
  #wake = (): void => {};

  /** @param mayLose whether a text that cannot be written is lost; otherwise, the process fails */
  constructor(open: () => NodeJS.WriteStream, mayLose: boolean) {
    this.#open = open;
    this.#mayLose = mayLose;
  }

  /** Made when asked for: `env` runs at every shell start and never asks. */
  get closed(): AbortSignal {
    this.#closing ??= new AbortController();
    if (this.#isClosed) this.#closing.abort();
    return this.#closing.signal;
  }

  line(text: string): void {
    this.#write(`${terminalLine(text)}\n`);
  }

  lines(texts: readonly string[]): void {
    this.#write(texts.map((text) => `${terminalLine(text)}\n`).join(""));
  }

  page(text: string): void {
    const end = text.endsWith("\n") ? "\n" : "";
    this.#write(
      `${text
        .slice(0, text.length - end.length)
        .split("\n")
        .map(terminalLine)
        .join("\n")}${end}`,
    );
  }

  json(value: unknown): void {
    this.#write(json.format(value));
  }

  data(text: string): void {
    this.#write(text);
  }

  progress(text: string): void {
    const columns = (this.#stream?.columns || PLAIN_COLUMNS) - MARGIN;
    this.#write(`${visible(text).slice(0, columns)} …`);
    this.#hasProgress = true;
  }

  clearProgress(): void {
    this.#write("");
  }

  async drained(): Promise<void> {
    while (!this.#isClosed && this.#stream?.writableNeedDrain) {
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
  }

  /** Whatever is written takes the place of a progress line. */
  #write(text: string): void {
    if (this.#isClosed) return;
    this.#stream ??= this.#opened();
    this.#stream.write(this.#hasProgress ? ERASE_LINE + text : text);
    this.#hasProgress = false;
  }

  /** Opened with the first text, which costs a millisecond. */
  #opened(): NodeJS.WriteStream {
    const stream = this.#open();
    stream.on("drain", () => this.#wake());
    // Neither a reader that leaves early (`… | head`) nor a terminal that is gone is an error: what the command has to
    // undo still has to be undone. EIO from a file is a disk's.
    stream.on("error", (error: NodeJS.ErrnoException) => {
      const isGone = error.code === "EPIPE" || (error.code === "EIO" && stream.isTTY);
      if (!isGone && this.#mayLose) return;
      if (!isGone) throw error;
      this.#isClosed = true;
      this.#closing?.abort();
      this.#wake();
    });
    return stream;
  }
}

export function openStdout(): Output {
  return new StreamOutput(() => process.stdout, false);
}

/** A full disk must not end a gateway or an agent that writes a log. */
export function openStderr(): Output {
  return new StreamOutput(() => process.stderr, true);
}

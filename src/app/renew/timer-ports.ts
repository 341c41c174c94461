/** What `renew --install` needs from outside. */
import { json } from "../../base/index.ts";
import type { TimerCommand } from "./timer-files.ts";

export type TimerKind = "systemd" | "launchd" | "cron";

export interface WrittenFile {
  readonly path: string;
  readonly text: string;
}

/** What is installed, in `renew.json` beside the lines. */
export interface RenewSettings {
  readonly kind: TimerKind;
  /** How long a gateway's certificates are to be valid, ms. */
  readonly lifeMs: number;
  readonly files: readonly WrittenFile[];
}

const readSettings = json.object<RenewSettings & { readonly version: number }>({
  version: { read: json.only(1) },
  kind: { read: json.oneOf("systemd", "launchd", "cron") },
  lifeMs: { read: json.number },
  files: {
    read: json.list(
      json.object<WrittenFile>({ path: { read: json.words() }, text: { read: json.words(65_536) } }),
      4,
    ),
  },
});

export function parseSettings(
  text: string,
): { readonly value: RenewSettings } | { readonly problems: readonly string[] } {
  const read = json.read(text, readSettings);
  if ("problems" in read) return read;
  const { version: _, ...value } = read.value;
  return { value };
}

export function formatSettings(settings: RenewSettings): string {
  return `${JSON.stringify({ version: 1, ...settings }, null, 2)}\n`;
}

export interface TimerPorts {
  /** The best of what there is; null: nothing. */
  kind(): Promise<TimerKind | null>;
  readonly command: TimerCommand;
  /** Absolute. */
  readonly folders: { readonly systemd: string; readonly launchd: string };
  /** launchd's domain of this user: `gui/501`. */
  readonly domain: string;
  readonly settings: {
    /** @throws FILE_FAILED */
    read(): Promise<RenewSettings | null>;
    write(settings: RenewSettings): Promise<void>;
    remove(): Promise<void>;
  };
  read(path: string): Promise<string | undefined>;
  /** Makes the folder too. */
  write(path: string, text: string): Promise<void>;
  remove(path: string): Promise<void>;
  /** @returns empty: there is none */
  crontab(): Promise<string>;
  setCrontab(text: string): Promise<void>;
  /** @returns null: it succeeded; else what it said */
  run(words: readonly string[]): Promise<string | null>;
}

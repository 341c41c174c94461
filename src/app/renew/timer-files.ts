/** What runs `tetherdock renew --all` on a schedule: units of systemd, a launchd agent, or a line of a crontab. */
import { shellJoin } from "../../base/index.ts";

/** How the timer calls tetherdock. */
export interface TimerCommand {
  /** Absolute paths: the program, and its script if it is run by Node. */
  readonly program: readonly string[];
  /** Variables that say where lines and contexts are; only those that are set. */
  readonly variables: Readonly<Record<string, string>>;
}

const ARGUMENTS = ["renew", "--all"];

export const UNIT_NAME = "tetherdock-renew";
export const AGENT_LABEL = "tetherdock.renew";

/** systemd.syntax(7), systemd.service(5): quotes, and what stands for something else within them. */
function systemdWord(word: string, isCommand: boolean): string {
  const plain = word.replace(/[\\"]/g, "\\$&").replaceAll("%", "%%");
  return `"${isCommand ? plain.replaceAll("$", "$$$$") : plain}"`;
}

/** @returns the lines of [Service] that run tetherdock with these arguments */
export function serviceLines({ program, variables }: TimerCommand, args: readonly string[]): string {
  const words = [...program, ...args].map((word) => systemdWord(word, true)).join(" ");
  const environment = Object.entries(variables).map(
    ([name, value]) => `Environment=${systemdWord(`${name}=${value}`, false)}\n`,
  );
  return `ExecStart=${words}\n${environment.join("")}`;
}

export function serviceUnit(command: TimerCommand): string {
  return `# Made by tetherdock renew --install; tetherdock renew --uninstall removes it.
[Unit]
Description=Renew the client certificates of tetherdock's lines

[Service]
Type=oneshot
${serviceLines(command, ARGUMENTS)}`;
}

export const TIMER_UNIT = `# Made by tetherdock renew --install; tetherdock renew --uninstall removes it.
[Unit]
Description=Renew the client certificates of tetherdock's lines when a third of their life is left

[Timer]
OnCalendar=*-*-* 00/6:00:00
RandomizedDelaySec=1h
Persistent=true

[Install]
WantedBy=timers.target
`;

export const xml = (text: string): string =>
  text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");

const strings = (texts: readonly string[]): string =>
  texts.map((text) => `    <string>${xml(text)}</string>\n`).join("");

/** What launchd runs, launchd.plist(5). */
export interface LaunchAgent {
  readonly label: string;
  /** Which command made it; no `--`, which XML forbids in comments. */
  readonly comment: string;
  readonly args: readonly string[];
  /** Further keys and their values, as XML. */
  readonly keys: string;
}

export function propertyList({ program, variables }: TimerCommand, agent: LaunchAgent): string {
  const pairs = Object.entries(variables).map(
    ([name, value]) => `    <key>${xml(name)}</key>\n    <string>${xml(value)}</string>\n`,
  );
  return `<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE plist PUBLIC "-//Apple//DTD PLIST 1.0//EN" "http://www.apple.com/DTDs/PropertyList-1.0.dtd">
<!-- ${agent.comment} -->
<plist version="1.0">
<dict>
  <key>Label</key>
  <string>${agent.label}</string>
  <key>ProgramArguments</key>
  <array>
${strings([...program, ...agent.args])}  </array>
  <key>EnvironmentVariables</key>
  <dict>
${pairs.join("")}  </dict>
${agent.keys}</dict>
</plist>
`;
}

export function launchAgent(command: TimerCommand): string {
  return propertyList(command, {
    label: AGENT_LABEL,
    comment: "Made by tetherdock renew; its option uninstall removes it.",
    args: ARGUMENTS,
    keys: `  <key>StartInterval</key>
  <integer>21600</integer>
  <key>RunAtLoad</key>
  <true/>
`,
  });
}

const CRON_MARK =
  "# Made by tetherdock renew --install; tetherdock renew --uninstall removes it and the next line.";

/** @returns two lines; a percent sign would end the command */
export function cronLines({ program, variables }: TimerCommand): string {
  const assignments = Object.entries(variables).map(([name, value]) => `${name}=${value}`);
  const words = [...(assignments.length > 0 ? ["env", ...assignments] : []), ...program, ...ARGUMENTS];
  return `${CRON_MARK}\n23 */6 * * * ${shellJoin(words).replaceAll("%", "\\%")} >/dev/null 2>&1\n`;
}

/** @returns the crontab without what {@link cronLines} once added; everything else is as it was */
export function withoutCron(crontab: string): string {
  const lines = crontab.split("\n");
  const kept = lines.filter((line, at) => line !== CRON_MARK && lines[at - 1] !== CRON_MARK);
  return kept.join("\n");
}

/** @returns the crontab with these lines instead of older ones */
export function withCron(crontab: string, added: string): string {
  const rest = withoutCron(crontab);
  return `${rest === "" || rest.endsWith("\n") ? rest : `${rest}\n`}${added}`;
}

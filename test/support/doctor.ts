/** `tetherdock doctor` for tests: its document, short findings for tables, and proof that it left no trace. */
import { expect } from "vitest";
import type { LineMode } from "../../src/line/index.ts";
import type { Host } from "./host.ts";
import type { Laptop } from "./laptop.ts";

/** The parts of one report of `doctor --json` that tests read. */
export interface DoctorReport {
  readonly name: string;
  readonly inside: { readonly looked: boolean };
  readonly endpoints: readonly {
    readonly address: string;
    readonly probes: readonly { readonly caller: string }[];
  }[];
  readonly findings: readonly {
    readonly check: string;
    readonly severity: string;
    readonly where: string;
    readonly says: string;
    readonly evidence: readonly string[];
    readonly fix: readonly string[];
  }[];
  readonly skipped: readonly { readonly check: string; readonly why: string }[];
}

/** Runs `doctor --json`. @param words targets and options */
export async function doctor(laptop: Laptop, ...words: readonly string[]) {
  const { status, stdout, stderr } = await laptop.tetherdock(["doctor", ...words, "--json"]);
  expect(stderr, "no progress without a terminal").toBe("");
  const { reports } = JSON.parse(stdout) as { readonly reports: readonly DoctorReport[] };
  return { status, reports };
}

/** `severity check where`, with IP and IP6 for the host's own addresses, sorted: the same on every run. */
export function shortFindings({ findings }: DoctorReport, { ip, ip6 }: Pick<Host, "ip" | "ip6">): string[] {
  return findings
    .map(({ severity, check, where }) =>
      `${severity} ${check} ${where}`.replaceAll(`[${ip6}]`, "IP6").replaceAll(ip, "IP"),
    )
    .sort();
}

// Users' sessions and managers come and go with every ssh login, whoever logs in; systemd learns of mounts,
// devices and containers' scopes late. Each start of a unit has its own id.
const UNITS = `
systemctl show -p InvocationID docker.service docker.socket containerd.service
{ systemctl list-units --state=active,failed --plain --no-legend --no-pager |
    awk '$1 !~ /[.](mount|device|scope)$/ { print $1, $3, $4 }'
  systemctl list-unit-files --plain --no-legend --no-pager | tr -s ' '; } | grep -vE '^(session-|user-|user@)'`;

/** Files, every unit's state, and which run of dockerd this is. */
async function stateOf(host: Host): Promise<string> {
  return (await Promise.all([host.fingerprint(), host.root(UNITS)])).join("\n");
}

/** Runs the action, and checks that the host does not change. */
export async function leavingNoTrace<T>(host: Host, work: () => Promise<T>): Promise<T> {
  const before = await stateOf(host);
  const result = await work();
  expect(await stateOf(host), "looking changes nothing").toBe(before);
  return result;
}

/**
 * Expects exactly these findings on one target, their exit status, and no trace of the inspection.
 * @param mode on a host with a gateway, advisories of the engine and of runc are expected too: a distribution's versions
 *   do not show what it has fixed
 */
export async function expectFindings(
  laptop: Laptop,
  host: Host,
  {
    words,
    findings,
    mode = "native",
  }: { readonly words: readonly string[]; readonly findings: readonly string[]; readonly mode?: LineMode },
): Promise<DoctorReport> {
  const { status, reports } = await leavingNoTrace(host, () => doctor(laptop, ...words));
  const [report] = reports;
  if (!report) throw new Error("no report");
  const isExpected = (finding: string) => mode === "native" || !finding.startsWith("info engine-advisories ");
  expect(shortFindings(report, host).filter(isExpected)).toEqual(findings.toSorted());
  expect(status).toBe(exitStatusFor(findings));
  return report;
}

/** As in docs/doctor.md; repeated here, so that the program's table does not prove itself. */
function exitStatusFor(findings: readonly string[]): number {
  const statuses = { critical: 13, high: 12, medium: 11, low: 10, info: 0 };
  return Math.max(0, ...findings.map((finding) => statuses[finding.split(" ")[0] as keyof typeof statuses]));
}

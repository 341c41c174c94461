/** `tetherdock renew`. */
import { pickLine } from "../../app/lines/index.ts";
import {
  type RenewedLine,
  type RenewedServer,
  type RenewOptions,
  type RenewPorts,
  renewLine,
  renewServer,
} from "../../app/renew/index.ts";
import { counted, shellJoin, TetherdockError } from "../../base/index.ts";
import { silentGatewayPorts } from "../api/ports.ts";
import type { Context } from "../context.ts";
import { jsonTime } from "../output/json-time.ts";
import { date } from "../output/when.ts";
import { renewPorts } from "../renewing/ports.ts";
import { readRenewSettings } from "../renewing/settings.ts";
import { takenCa } from "../renewing/taken-ca.ts";
import { renewFromFile } from "./certificate.ts";
import type { RenewFlags } from "./flags.ts";
import { install, uninstall } from "./install.ts";

/** null: this machine does not sign for the line's host. A problem: its certificate was not checked. */
type Host = RenewedServer | { readonly problem: string } | null;

interface Done {
  readonly line: RenewedLine;
  readonly host: Host;
}

function toldOfHost(name: string, host: Host): string[] {
  if (host === null) return [];
  if ("problem" in host) return [`${name}: the certificate of its host was not checked: ${host.problem}`];
  return host.renewed ? [`${name}: renewed the certificate of its host until ${date(host.until)}`] : [];
}

function toldOfLine({
  line,
  renewed,
  by,
  until,
  due,
  generation,
  recoveriesLeft,
  ca,
  contexts,
}: RenewedLine): string[] {
  const how = by === "ca" ? "signed with the CA key here" : `by the gateway, generation ${generation}`;
  return [
    renewed
      ? `${line}: renewed until ${date(until)}, ${how}`
      : `${line}: valid until ${date(until)}; ${due === null ? "its CA ends then too, and tetherdock up renews both" : `not due before ${date(due)}`}`,
    ...(ca === null ? [] : [`${line}: ${takenCa(ca)}`]),
    ...(recoveriesLeft === null || recoveriesLeft > 2
      ? []
      : [`${line}: after it expires, it can be renewed ${counted(recoveriesLeft, "more time")} this year`]),
    ...contexts.map((name) => `${line}: the docker context ${name} has a new copy`),
  ];
}

const told = ({ line, host }: Done): string[] => [...toldOfLine(line), ...toldOfHost(line.line, host)];

function hostToJson(host: Host) {
  if (host === null) return null;
  return "problem" in host
    ? { renewed: false, until: null, problem: host.problem }
    : { renewed: host.renewed, until: jsonTime(host.until), problem: null };
}

const toJson = ({ line: { until, due, ca, ...one }, host }: Done) => ({
  ...one,
  ca: ca === null ? null : { key: ca.key, until: jsonTime(ca.until) },
  until: jsonTime(until),
  due: due === null ? null : jsonTime(due),
  host: hostToJson(host),
});

/** A host that cannot be reached, or an older gateway: `up` renews it over ssh, and `status` shows the days left. */
async function renewServerOf(context: Context, ports: RenewPorts, name: string): Promise<Host> {
  try {
    return await renewServer({ ...silentGatewayPorts(context), ...ports }, name);
  } catch (error) {
    const { code, message } = error as TetherdockError;
    if (code !== "GATEWAY_UNREACHABLE" && code !== "GATEWAY_REFUSED") throw error;
    return { problem: message };
  }
}

/** Each line is tried; the first failure is the command's. */
async function renewLines(context: Context, options: RenewOptions, names: readonly string[], json: boolean) {
  const ports = renewPorts(context);
  const done: Done[] = [];
  const failures: unknown[] = [];
  for (const name of names)
    try {
      const line = await renewLine(ports, name, options);
      const host = await renewServerOf(context, ports, name).catch((error: unknown) => {
        failures.push(error);
        return null;
      });
      done.push({ line, host });
    } catch (error) {
      failures.push(error);
    }
  if (json && failures.length === 0) context.stdout.json(done.map(toJson));
  else context.stderr.lines(done.flatMap(told));
  const [first, ...others] = failures;
  for (const error of others) context.stderr.line((error as Error).message);
  if (first !== undefined) throw first;
}

function checkUsage(
  { all, install: installs, uninstall: uninstalls, life, certificate, force }: RenewFlags,
  line?: string,
): void {
  const many = all || installs || uninstalls;
  const mistakes: readonly (readonly [boolean, string])[] = [
    [installs && uninstalls, "--install and --uninstall exclude each other"],
    [many && line !== undefined, "--all, --install and --uninstall are for all lines"],
    [life !== undefined && !installs, "--life needs --install"],
    [
      certificate !== undefined && (many || force),
      "--certificate is for one line, and renews it in any case",
    ],
  ];
  const problem = mistakes.find(([isMade]) => isMade)?.[1];
  if (problem === undefined) return;
  const named = line === undefined ? [] : [line];
  const usual = line === undefined ? ["--install", "--life", "7d"] : named;
  const right = certificate === undefined ? usual : [...named, "--certificate", certificate];
  throw new TetherdockError("USAGE", problem, { hints: [shellJoin(["tetherdock", "renew", ...right])] });
}

/** A CI job's certificate is renewed by nothing, and one that cannot be read is told by the renewal. */
async function renewable({ lines }: Context): Promise<string[]> {
  const isJob = async (name: string): Promise<boolean> => {
    try {
      return (await lines.read(name)).job === true;
    } catch (error) {
      if (error instanceof TetherdockError) return false;
      throw error;
    }
  };
  const names = await lines.list();
  const jobs = await Promise.all(names.map(isJob));
  return names.filter((_, at) => !jobs[at]);
}

export async function renew(this: Context, flags: RenewFlags, argument?: string): Promise<void> {
  checkUsage(flags, argument);
  if (flags.certificate !== undefined)
    return renewFromFile(this, await pickLine(this, argument), flags.certificate, flags.json);
  if (flags.install) await install(this, flags.life);
  if (flags.uninstall) return uninstall(this);
  const lifeMs = (await readRenewSettings(this))?.lifeMs ?? null;
  const isAll = flags.all || flags.install;
  const names = isAll ? await renewable(this) : [await pickLine(this, argument)];
  await renewLines(this, { force: flags.force, lifeMs }, names, flags.json);
}

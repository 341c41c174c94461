/** `tetherdock renew`. */
import { pickLine } from "../../app/lines/index.ts";
import { type RenewedLine, renewLine } from "../../app/renew/index.ts";
import { counted, TetherdockError } from "../../base/index.ts";
import type { Context } from "../context.ts";
import { jsonTime } from "../output/json-time.ts";
import type { RenewFlags } from "./flags.ts";
import { renewPorts } from "./ports.ts";

const day = (ms: number): string => new Date(ms).toISOString().slice(0, 10);

function told({
  line,
  renewed,
  by,
  until,
  due,
  generation,
  recoveriesLeft,
  contexts,
}: RenewedLine): string[] {
  const how = by === "ca" ? "signed with the CA key here" : `by the gateway, generation ${generation}`;
  return [
    renewed
      ? `${line}: renewed until ${day(until)}, ${how}`
      : `${line}: valid until ${day(until)}; not due before ${day(due)}`,
    ...(recoveriesLeft === null || recoveriesLeft > 2
      ? []
      : [`${line}: after it expires, it can be renewed ${counted(recoveriesLeft, "more time")} this year`]),
    ...contexts.map((name) => `${line}: the docker context ${name} has a new copy`),
  ];
}

const toJson = ({ until, due, ...one }: RenewedLine) => ({
  ...one,
  until: jsonTime(until),
  due: jsonTime(due),
});

/** Each line is tried; the first failure is the command's. */
async function renewAll(context: Context, flags: RenewFlags, names: readonly string[]) {
  const ports = renewPorts(context);
  const done: RenewedLine[] = [];
  const failures: unknown[] = [];
  for (const name of names)
    try {
      done.push(await renewLine(ports, name, { force: flags.force, lifeMs: null }));
    } catch (error) {
      failures.push(error);
    }
  return { done, failures };
}

export async function renew(this: Context, flags: RenewFlags, argument?: string): Promise<void> {
  if (flags.all && argument !== undefined)
    throw new TetherdockError("USAGE", "--all and a line exclude each other", {
      hints: ["tetherdock renew --all", `tetherdock renew ${argument}`],
    });
  const names = flags.all ? await this.lines.list() : [await pickLine(this, argument)];
  const { done, failures } = await renewAll(this, flags, names);
  if (flags.json && failures.length === 0) this.stdout.json(done.map(toJson));
  else this.stderr.lines(done.flatMap(told));
  const [first, ...others] = failures;
  for (const error of others) this.stderr.line((error as Error).message);
  if (first !== undefined) throw first;
}

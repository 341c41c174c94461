/** A whole visit: from patients to subjects that checks can run on. */

import { lineCallers } from "../../app/probe/index.ts";
import type { EndpointReport, Subject } from "../../doctor/index.ts";
import { lineEndpoint } from "../../line/index.ts";
import type { Context } from "../context.ts";
import { lookInside } from "./look-inside.ts";
import { lookOutside, type Prepared } from "./look-outside.ts";
import type { Patient } from "./patient.ts";

/** How to look. */
export interface ExamineOptions {
  /** See {@link lookInside}. */
  readonly ssh: boolean | undefined;
  /** Ports beside the usual ones. */
  readonly ports: readonly number[];
  /** Told what is being done, in a few words without a full stop. */
  readonly onProgress: (text: string) => void;
}

async function prepare(
  context: Context,
  patient: Patient,
  { ssh, onProgress }: ExamineOptions,
): Promise<Prepared> {
  if (ssh !== false && patient.way !== undefined) onProgress(`inspecting ${patient.name} from inside`);
  const [look, callers] = [
    await lookInside(context, patient, ssh),
    await lineCallers(context.lines, patient.line, context.clock()),
  ];
  return { patient, look, callers };
}

async function lineOf(context: Context, { patient: { line }, callers }: Prepared): Promise<Subject["line"]> {
  if (!line || !callers.own) return null;
  return {
    name: line.name,
    endpoint: lineEndpoint(line),
    mode: line.mode,
    ...callers.own,
    exposedKeys: await context.lines.exposedKeys(line.name),
    ...(callers.noCaKey !== undefined && { noCaKey: callers.noCaKey }),
  };
}

function upArgument({ line, way }: Patient): { readonly upArgument?: string } {
  const target = line ? line.target : way;
  return target === undefined ? {} : { upArgument: target ?? "--local" };
}

async function subjectOf(
  context: Context,
  prepared: Prepared,
  endpoints: readonly EndpointReport[],
): Promise<Subject> {
  const { patient, look } = prepared;
  return {
    name: patient.name,
    ...upArgument(patient),
    now: context.clock(),
    endpoints,
    inside: look.inside,
    insideMissing: look.missing,
    line: await lineOf(context, prepared),
  };
}

/**
 * Looks at every patient from inside, one after the other since ssh and sudo may ask, and then at all from outside.
 * @returns one subject a patient, in their order
 * @throws whatever keeps it from looking at all; a host that does not answer is a finding
 */
export async function examine(
  context: Context,
  patients: readonly Patient[],
  options: ExamineOptions,
): Promise<Subject[]> {
  const all: Prepared[] = [];
  for (const patient of patients) all.push(await prepare(context, patient, options));
  const reports = await lookOutside(context, all, {
    more: options.ports,
    onProgress: (done, of) => options.onProgress(`probing from outside: ${done} of ${of} endpoints`),
  });
  return Promise.all(all.map((prepared, at) => subjectOf(context, prepared, reports[at] ?? [])));
}

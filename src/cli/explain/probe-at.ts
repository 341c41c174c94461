/** Asks an endpoint what it speaks and whom it lets in. */
import { readableLines } from "../../app/lines/index.ts";
import { lineCallers } from "../../app/probe/index.ts";
import { TetherdockError } from "../../base/index.ts";
import {
  CALLERS,
  type CallerCredentials,
  type Endpoint,
  formatEndpoint,
  type Probe,
  withNobody,
} from "../../engine/index.ts";
import { concludeProof, type Proof } from "../../explain/index.ts";
import { type Line, lineEndpoint } from "../../line/index.ts";
import { probe } from "../../system/probing/prober.ts";
import type { Context } from "../context.ts";
import { during } from "../output/activity.ts";

/** Each probe on its own, all at once: what does not answer in this time is told as silent. */
const TIMEOUT_MS = 5_000;

async function lineTo(context: Context, endpoint: Endpoint): Promise<Line | null> {
  const wanted = formatEndpoint(endpoint);
  const lines = await readableLines(context);
  return lines.find((line) => formatEndpoint(lineEndpoint(line)) === wanted) ?? null;
}

/** A line's certificate is shown to its own endpoint and to no other. */
async function credentialsFor(context: Context, endpoint: Endpoint): Promise<CallerCredentials> {
  const line = await lineTo(context, endpoint);
  const now = context.clock();
  const { credentials } = await lineCallers(context.lines, line, now).catch((error: unknown) => {
    // `status` reports a broken line; here there is one caller less.
    if (error instanceof TetherdockError) return lineCallers(context.lines, null, now);
    throw error;
  });
  return credentials;
}

/** Whether a line of this machine leads there. */
export async function hasLine(context: Context, endpoint: Endpoint): Promise<boolean> {
  return (await lineTo(context, endpoint)) !== null;
}

/** Connects as each caller there is a credential for. Sends nothing but `GET /_ping`. */
export async function probeAt(context: Context, endpoint: Endpoint): Promise<Proof> {
  const credentials = withNobody(await credentialsFor(context, endpoint));
  const probes = CALLERS.map(async (caller): Promise<Probe | null> => {
    const credential = credentials[caller];
    return credential ? { caller, seen: await probe({ endpoint, credential, timeoutMs: TIMEOUT_MS }) } : null;
  });
  const made = await during(context, `probing ${formatEndpoint(endpoint)}`, () => Promise.all(probes));
  return concludeProof(made.filter((one) => one !== null));
}

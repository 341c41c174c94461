/** Probes which protocol an endpoint speaks and whom it admits. */
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
import { findLines } from "../lines/index.ts";
import { lineCallers } from "../probe/index.ts";
import type { ExplainPorts } from "./ports.ts";

/** For each probe; all run at once. An endpoint that does not answer in this time is reported as silent. */
const TIMEOUT_MS = 5_000;

/** The line that leads to this endpoint; null where none does. */
export async function lineTo(ports: ExplainPorts, endpoint: Endpoint): Promise<Line | null> {
  const wanted = formatEndpoint(endpoint);
  const { lines, unread } = await findLines(ports);
  for (const one of unread) ports.leaveOut(one);
  return lines.find((line) => formatEndpoint(lineEndpoint(line)) === wanted) ?? null;
}

/** A line's certificate is shown to its own endpoint and to no other. */
async function credentialsFor(ports: ExplainPorts, endpoint: Endpoint): Promise<CallerCredentials> {
  const line = await lineTo(ports, endpoint);
  const now = ports.clock();
  const { credentials } = await lineCallers(ports.lines, line, now).catch((error: unknown) => {
    // `status` reports a broken line; here that caller is left out.
    if (error instanceof TetherdockError) return lineCallers(ports.lines, null, now);
    throw error;
  });
  return credentials;
}

/** Connects as each caller there is a credential for. Sends nothing but `GET /_ping`. */
export async function probeEndpoint(ports: ExplainPorts, endpoint: Endpoint): Promise<Proof> {
  ports.report({ kind: "probing", endpoint });
  const credentials = withNobody(await credentialsFor(ports, endpoint));
  const probes = CALLERS.map(async (caller): Promise<Probe | null> => {
    const credential = credentials[caller];
    return credential
      ? { caller, seen: await ports.probe({ endpoint, credential, timeoutMs: TIMEOUT_MS }) }
      : null;
  });
  return concludeProof((await Promise.all(probes)).filter((one) => one !== null));
}

/** The look from outside at many endpoints: so many connections at a time, and everything over by a deadline. */
import type { EndpointReport, SurveyItem } from "../../../doctor/index.ts";
import { createLimiter } from "../limiter.ts";
import { surveyEndpoint } from "./survey-endpoint.ts";
import type { Turn } from "./survey-tls.ts";

/** How hard to push, and for how long. */
export interface SurveyOptions {
  /** Connections at a time. */
  readonly total: number;
  /** Connections at a time to one address: a small daemon must not meet a flood. */
  readonly perHost: number;
  /** For each connection. */
  readonly timeoutMs: number;
  /** For all together; what has not had its turn by then is marked `cutShort`. */
  readonly deadlineMs: number;
  /** Aborted by the user. */
  readonly signal: AbortSignal;
  /** The progress port: called after every endpoint. */
  readonly onProgress: (done: number, of: number) => void;
}

/** One real host or a hundred: enough to be quick, too little to be a load. */
export const SURVEY_LIMITS = { total: 48, perHost: 12, timeoutMs: 3_000, deadlineMs: 60_000 } as const;

/**
 * @returns one report an endpoint, in their order
 * @throws CREDENTIAL_UNUSABLE; the signal's reason when the user aborted
 */
export async function survey(
  items: readonly SurveyItem[],
  options: SurveyOptions,
): Promise<EndpointReport[]> {
  const deadline = performance.now() + options.deadlineMs;
  const signal = AbortSignal.any([options.signal, AbortSignal.timeout(options.deadlineMs)]);
  const limiter = createLimiter({ total: options.total, perKey: options.perHost, signal });
  let done = 0;
  const reports = await Promise.all(
    items.map(async ({ planned, credentials }) => {
      const turn: Turn = (work) =>
        limiter.run(planned.endpoint.host, () =>
          work(Math.max(1, Math.ceil(Math.min(options.timeoutMs, deadline - performance.now())))),
        );
      const report = await surveyEndpoint(planned, credentials, turn);
      options.onProgress(++done, items.length);
      return report;
    }),
  );
  options.signal.throwIfAborted();
  return reports;
}

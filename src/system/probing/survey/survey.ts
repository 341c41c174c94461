/** Examines many endpoints from outside, with a limit of concurrent connections and a deadline. */
import type { EndpointReport, SurveyItem } from "../../../doctor/index.ts";
import { createLimiter } from "../limiter.ts";
import { surveyEndpoint } from "./survey-endpoint.ts";
import type { Turn } from "./survey-tls.ts";

/** The limits of a survey. */
export interface SurveyOptions {
  /** Concurrent connections. */
  readonly total: number;
  /** Concurrent connections to one address: a small daemon must not be flooded. */
  readonly perHost: number;
  /** For each connection. */
  readonly timeoutMs: number;
  /** For all endpoints together; endpoints that are not finished by then are marked `cutShort`. */
  readonly deadlineMs: number;
  /** Aborted by the user. */
  readonly signal: AbortSignal;
  /** Called after each endpoint. */
  readonly onProgress: (done: number, of: number) => void;
}

/** Fast enough for one host or a hundred, without putting load on them. */
export const SURVEY_LIMITS = { total: 48, perHost: 12, timeoutMs: 3_000, deadlineMs: 60_000 } as const;

/**
 * @returns one report for each endpoint, in the same order
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

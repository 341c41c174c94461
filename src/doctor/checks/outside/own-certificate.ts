/** How long the certificates on this machine are valid. */
import { warningWindow } from "../../../line/index.ts";
import { readCertificate } from "../../../pki/index.ts";
import { formatSpan, formatTime, severityBefore } from "../../certificate-faults.ts";
import type { Problem } from "../../check.ts";

/**
 * @param parts.window how long before the end it is a problem, ms; without it: 30 days, or a third of a shorter life
 * @returns a problem once less is left; none before
 */
export function endingProblem(
  pem: string,
  now: number,
  parts: {
    readonly where: string;
    readonly whose: string;
    readonly fix: readonly string[];
    readonly window?: number;
  },
): Problem[] {
  const { notAfter, notBefore, serial } = readCertificate(pem);
  const left = notAfter - now;
  const early = now < notBefore;
  if (left >= (parts.window ?? warningWindow({ notBefore, notAfter })) && !early) return [];
  const ending = left <= 0 ? `expired ${formatSpan(-left)} ago` : `ends in ${formatSpan(left)}`;
  return [
    {
      where: parts.where,
      says: early
        ? `${parts.whose} is only valid from ${formatTime(notBefore)}: this machine's clock is wrong, or was`
        : `${parts.whose} ${ending}`,
      evidence: [`valid from ${formatTime(notBefore)} to ${formatTime(notAfter)}, serial ${serial}`],
      fix: early ? ["date -u   # is this machine's clock right? if it is:", ...parts.fix] : parts.fix,
      severity: early ? "medium" : severityBefore(left),
    },
  ];
}

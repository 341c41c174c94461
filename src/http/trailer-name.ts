/** Which fields may follow a body. */
import { PROBLEMS, type Problem } from "./problem.ts";

/** RFC 9110 §6.5.1: these would change what was decided by the head. */
const FORBIDDEN =
  /^(?:content-(?:length|encoding|type|range)|transfer-encoding|host|trailer|te|connection|keep-alive|upgrade|expect|authorization|proxy-.*|www-authenticate|x-registry-.*|x-forwarded-.*|forwarded|cache-control|pragma|max-forwards|range|if-.*|set-cookie|cookie)$/i;

/** @param name of a trailer field */
export function readTrailerName(name: string): Problem | null {
  return FORBIDDEN.test(name) ? PROBLEMS.trailer : null;
}

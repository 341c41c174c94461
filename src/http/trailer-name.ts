/** Which fields may not follow a body. */
import { PROBLEMS, type Problem } from "./problem.ts";

/** These would change what the head has decided (RFC 9110 §6.5.1). */
const FORBIDDEN =
  /^(?:content-(?:length|encoding|type|range)|transfer-encoding|host|trailer|te|connection|keep-alive|upgrade|expect|authorization|proxy-.*|www-authenticate|x-registry-.*|x-forwarded-.*|forwarded|cache-control|pragma|max-forwards|range|if-.*|set-cookie|cookie)$/i;

/** @param name of a trailer field */
export function readTrailerName(name: string): Problem | null {
  return FORBIDDEN.test(name) ? PROBLEMS.trailer : null;
}

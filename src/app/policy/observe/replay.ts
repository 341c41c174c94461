/** What a role would have said to recorded requests. Bodies are not recorded. */
import type { Role } from "../../../policy/index.ts";
import { judgeRequest } from "../judge-requests.ts";
import type { Recorded } from "./recorded.ts";

export interface RefusedRequests {
  readonly operation: string;
  /** Of the first such request. */
  readonly target: string;
  readonly rule: string;
  readonly reason: string;
  readonly count: number;
}

export interface Replayed {
  /** How many requests were judged. */
  readonly requests: number;
  /** How many of them could only be judged by their operation. */
  readonly byBody: number;
  readonly refused: readonly RefusedRequests[];
}

const SENT = { body: Buffer.alloc(0), contentType: [], contentEncoding: [], upgrade: "" };

/** As if everything that they name were the client's own. */
export async function replay(recorded: Recorded, role: Role): Promise<Replayed> {
  const refused = new Map<string, RefusedRequests>();
  const bodyDecides = decidedByBody(role);
  let [requests, byBody] = [0, 0];
  for (const { operation, method, target, count } of recorded.requests) {
    requests += count;
    const { allowed, rule, reason } = await judgeRequest(role, { ...SENT, method, target });
    const isByBody = bodyDecides.has(operation);
    if (isByBody) byBody += count;
    if (allowed || isByBody) continue;
    const key = `${operation} ${rule}`;
    const known = refused.get(key) ?? { operation, target, rule, reason: reason ?? "", count: 0 };
    refused.set(key, { ...known, count: known.count + count });
  }
  return { requests, byBody, refused: [...refused.values()] };
}

/** @returns the operations whose requests, without a body, can only be judged by their operation */
function decidedByBody({ decisions }: Role): ReadonlySet<string> {
  return new Set(
    [...decisions].flatMap(([{ name }, decision]) =>
      decision.allow === null && decision.byBody ? [name] : [],
    ),
  );
}

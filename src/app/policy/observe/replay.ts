/** What a role would have said to recorded requests. Bodies are not recorded. */
import type { Role } from "../../../policy/index.ts";
import { judgeRequest } from "../judge-requests.ts";
import type { Recorded } from "./recorded.ts";

/** Their body decides, so a request without it is judged by its operation alone. */
const BY_BODY: ReadonlySet<string> = new Set([
  ...["ContainerCreate", "ContainerUpdate", "ContainerExec", "ExecStart", "PutContainerArchive"],
  ...["VolumeCreate", "NetworkCreate", "NetworkConnect", "NetworkDisconnect", "Session", "Grpc"],
]);

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
  let [requests, byBody] = [0, 0];
  for (const { operation, method, target, count } of recorded.requests) {
    requests += count;
    const { allowed, rule, reason } = await judgeRequest(role, { ...SENT, method, target });
    const isByBody = BY_BODY.has(operation) && isChecked(role, operation);
    if (isByBody) byBody += count;
    if (allowed || isByBody) continue;
    const key = `${operation} ${rule}`;
    const known = refused.get(key) ?? { operation, target, rule, reason: reason ?? "", count: 0 };
    refused.set(key, { ...known, count: known.count + count });
  }
  return { requests, byBody, refused: [...refused.values()] };
}

function isChecked({ decisions }: Role, name: string): boolean {
  return [...decisions].some(([operation, { allow }]) => operation.name === name && allow === null);
}

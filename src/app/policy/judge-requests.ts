/** What a role says to requests, without an engine: as if everything that they name were the client's own. */
import { findOperation, type SentRequest } from "../../engine/index.ts";
import {
  type Asking,
  BUILDER_LABEL,
  CONFINED,
  decide,
  type EngineLookup,
  OWNER_LABEL,
  type Role,
  type Verdict,
} from "../../policy/index.ts";

export interface Explained {
  readonly method: string;
  readonly target: string;
  /** null: no operation that tetherdock knows. */
  readonly operation: string | null;
  readonly allowed: boolean;
  /** Of the audit log: which rule decided, and which check of it. */
  readonly rule: string;
  /** What the caller is told; null: allowed. */
  readonly reason: string | null;
}

const OWNER = "0".repeat(64);
const own = { [OWNER_LABEL]: OWNER };
const built = { [BUILDER_LABEL]: OWNER };

/** Everything exists, and is the client's; no image has its label, which would be a forgery; no advisory names the engine. */
const everything: EngineLookup = {
  version: async () => "99.0.0",
  dataFolder: async () => "/var/lib/docker",
  inspectContainer: async () => ({ id: OWNER, image: "recorded", labels: own, volumes: [], ...CONFINED }),
  inspectExec: async (id) => ({ id, containerId: OWNER, isPrivileged: false }),
  inspectDriver: async () => ({ driver: "local", options: {} }),
  inspectImage: async () => built,
  findImage: async () => ({
    id: `sha256:${OWNER}`,
    labels: built,
    hasTriggers: false,
    platform: "linux/amd64",
  }),
  imageBytes: async () => 0,
  hasImageWith: async () => false,
  inspectNetwork: async () => ({ id: OWNER, labels: own }),
  inspectVolume: async () => own,
  hasContainerWith: async () => false,
  isUnused: async () => true,
  hasHalfMadeContainerWith: async () => false,
  fills: { begin: () => true, whenEnded: async () => {}, end: () => {}, isBegun: () => false },
  createVolume: async () => own,
  tagImage: async () => true,
  removeContainer: async () => true,
};

async function verdictOn(role: Role, sent: SentRequest): Promise<Verdict> {
  const call = findOperation(sent.method, sent.target);
  const decision = decide(role, call);
  if (decision.allow === false) return decision;
  if (decision.allow || call === null) return { ...decision, body: sent.body } as Verdict;
  if (sent.body.length > decision.maxBytes)
    return {
      ...{ allow: false, rule: "too-large" },
      reason: decision.tooLarge ?? `the body has more than ${decision.maxBytes} bytes`,
    };
  const { contentType, contentEncoding, upgrade } = sent;
  const asking: Asking = {
    owner: OWNER,
    contentType,
    contentEncoding,
    upgrade,
    engine: everything,
    holds: () => {},
    mayKeep: () => true,
    ifLeft: () => {},
    chance: () => false,
    inTurn: (work) => work(),
  };
  return decision.judge(sent.body, call, asking);
}

export async function judgeRequest(role: Role, sent: SentRequest): Promise<Explained> {
  const { method, target } = sent;
  const operation = findOperation(method, target)?.operation.name ?? null;
  const verdict = await verdictOn(role, sent);
  const { allow: allowed, rule } = verdict;
  return { method, target, operation, allowed, rule, reason: verdict.allow ? null : verdict.reason };
}

/** In the order in which they were sent. */
export async function judgeRequests(
  role: Role,
  requests: readonly SentRequest[],
): Promise<readonly Explained[]> {
  const explained: Explained[] = [];
  for (const request of requests) explained.push(await judgeRequest(role, request));
  return explained;
}

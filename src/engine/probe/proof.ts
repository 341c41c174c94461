/** Plans the connections that prove that an engine is open to us and to nobody else. judge.ts judges the results. */
import { PLAIN_PORT } from "../docker-ports.ts";
import { type Endpoint, formatEndpoint } from "../endpoint.ts";
import type { Caller } from "./caller.ts";
import type { ClientIdentity, Credential } from "./prober.ts";

/** One address to prove: where to connect, and the name that the certificate must have there. */
export interface Target {
  /** An IP address, so that each address of a name has a separate proof. */
  readonly endpoint: Endpoint;
  readonly serverName: string;
}

/**
 * Who connects; `closed` is plain HTTP to a port that used to be open, `former` has a certificate of the CA that the line had
 * until now.
 */
export type CaseKind = Exclude<Caller, "server-usage"> | "closed" | "former";

/** Who connects in a case. */
export function callerOf({ kind }: Pick<ProofCase, "kind">): Caller {
  if (kind === "former") return "untrusted";
  return kind === "closed" ? "plain" : kind;
}

/** One connection to make for a target. */
export interface ProofCase {
  readonly kind: CaseKind;
  readonly target: Target;
  /** The target's own, except for `closed`. */
  readonly endpoint: Endpoint;
  readonly credential: Credential;
}

/** What a proof needs. */
export interface ProofPlan {
  readonly targets: readonly Target[];
  /** Ports on which an engine listened before; 2375 is always probed as well. */
  readonly formerPlainPorts: readonly number[];
  readonly caPem: string;
  readonly credentials: {
    readonly line: ClientIdentity;
    /** Signed by a CA that the host does not know. */
    readonly untrusted: ClientIdentity;
    /** Signed by our CA, but expired. */
    readonly expired: ClientIdentity;
    /**
     * Signed by our CA, but not on the client list; absent if there is no list, because any certificate of our CA then
     * gets in.
     */
    readonly unlisted?: ClientIdentity;
    /** Signed by the CA that the line had until now; absent if it still counts. */
    readonly former?: ClientIdentity;
  };
}

function closedCases({ targets, formerPlainPorts }: ProofPlan): ProofCase[] {
  const required = new Set(targets.map(({ endpoint }) => formatEndpoint(endpoint)));
  const planned = new Set<string>();
  return targets.flatMap((target) =>
    [PLAIN_PORT, ...formerPlainPorts].flatMap((port): ProofCase[] => {
      const endpoint: Endpoint = { host: target.endpoint.host, port };
      const text = formatEndpoint(endpoint);
      if (required.has(text) || planned.has(text)) return [];
      planned.add(text);
      return [{ kind: "closed", target, endpoint, credential: { kind: "plain" } }];
    }),
  );
}

/**
 * Lists the connections that prove a line, `line` first for each target.
 * @returns five cases for each target, six with a gateway or a new CA, and one for each port of its host that must be closed
 */
export function planProof(plan: ProofPlan): ProofCase[] {
  const { caPem, credentials } = plan;
  const tls = (identity?: ClientIdentity): Credential => ({
    kind: "tls",
    caPem,
    ...(identity && { identity }),
  });
  const credentialOf: readonly (readonly [CaseKind, Credential])[] = [
    ["line", tls(credentials.line)],
    ["none", tls()],
    ["untrusted", tls(credentials.untrusted)],
    ["expired", tls(credentials.expired)],
    ...(credentials.unlisted ? ([["unlisted", tls(credentials.unlisted)]] as const) : []),
    ...(credentials.former ? ([["former", tls(credentials.former)]] as const) : []),
    ["plain", { kind: "plain" }],
  ];
  const own = plan.targets.flatMap((target) =>
    credentialOf.map(([kind, credential]) => ({ kind, target, endpoint: target.endpoint, credential })),
  );
  return [...own, ...closedCases(plan)];
}

/** `explain`: which messages a text contains, and what the endpoint that it names really does. */
import type { Endpoint } from "../../engine/index.ts";
import { type Explanation, explain as findMessages, type Proof } from "../../explain/index.ts";
import type { ExplainPorts } from "./ports.ts";
import { lineTo, probeEndpoint } from "./probe-endpoint.ts";

/** A text, and where it comes from. */
export interface ExplainRequest {
  readonly text: string;
  /** Bytes of the text that were left out. */
  readonly skipped: number;
  /** Texts in which to look for the endpoint as well. */
  readonly about: readonly string[];
  /** What the user wrote, not pasted: an address in it may be probed. */
  readonly own: readonly string[];
  /** Undefined: only what is the user's own, and whatever the user says yes to. */
  readonly probe: boolean | undefined;
}

/** Everything `explain` has to tell. */
export interface Answer {
  readonly explanations: readonly Explanation[];
  readonly endpoint: Endpoint | undefined;
  /** Undefined: no endpoint is known, or it was not probed. */
  readonly proof: Proof | undefined;
  /** Bytes of the text that were left out. */
  readonly skipped: number;
  /** Whether the request forbade to probe; else it was not probed because nobody said yes. */
  readonly wasRefused: boolean;
}

/**
 * A pasted text may come from anybody: the address in it must not make this machine connect there. Endpoints of this
 * machine's lines and what the user named are probed; anything else only after a yes.
 */
async function mayProbe(
  ports: ExplainPorts,
  { probe }: ExplainRequest,
  endpoint: Endpoint,
  isNamed: boolean,
) {
  if (probe !== undefined) return probe;
  if (isNamed || (await lineTo(ports, endpoint))) return true;
  return ports.mayProbe(endpoint);
}

/** @throws CREDENTIAL_UNUSABLE, INTERRUPTED */
export async function explain(ports: ExplainPorts, request: ExplainRequest): Promise<Answer> {
  const { explanations, endpoint, isNamed } = findMessages(request.text, request.about, request.own);
  const isProbed = endpoint !== undefined && (await mayProbe(ports, request, endpoint, isNamed));
  return {
    explanations,
    endpoint,
    proof: isProbed ? await probeEndpoint(ports, endpoint) : undefined,
    wasRefused: request.probe === false,
    skipped: request.skipped,
  };
}

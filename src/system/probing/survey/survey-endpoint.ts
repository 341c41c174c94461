/** One endpoint looked at from outside: every knock a real `GET /_ping`, and what TLS it offers. */
import {
  type EndpointReport,
  furtherKnocks,
  type KnockKind,
  type PlannedEndpoint,
  speaksTls,
  worthTls,
} from "../../../doctor/index.ts";
import {
  type Credential,
  type EngineVersion,
  isDockerAnswer,
  type Observation,
} from "../../../engine/index.ts";
import { engineVersion } from "../engine-client.ts";
import { probe } from "../prober.ts";
import { surveyTls, type Turn } from "./survey-tls.ts";

type Knock = EndpointReport["knocks"][number];

/** What to knock with; a kind without a credential is left out. `plain` and `none` need nothing. */
export type KnockCredentials = Partial<Record<Exclude<KnockKind, "plain" | "none">, Credential>>;

class EndpointSurvey {
  readonly #planned: PlannedEndpoint;
  readonly #credentials: Partial<Record<KnockKind, Credential>>;
  readonly #turn: Turn;
  #cutShort = false;

  constructor(planned: PlannedEndpoint, credentials: KnockCredentials, turn: Turn) {
    this.#planned = planned;
    this.#credentials = { ...credentials, plain: { kind: "plain" }, none: { kind: "intruder" } };
    this.#turn = async (work) => {
      const result = await turn(work);
      if (result === undefined) this.#cutShort = true;
      return result;
    };
  }

  async run(): Promise<EndpointReport> {
    const plain = await this.#knock("plain");
    if (!plain || !worthTls(plain.seen)) return this.#report([plain], null);
    const none = await this.#knock("none");
    if (!none || !speaksTls(none.seen)) return this.#report([plain, none], null);
    const [offer, ...further] = await Promise.all([
      surveyTls(this.#planned, this.#turn),
      ...furtherKnocks(this.#credentials).map((kind) => this.#knock(kind)),
    ]);
    const knocks = [plain, none, ...further];
    const line = knocks.find((knock) => knock?.kind === "line");
    const engine = line && (await this.#engine(line.seen));
    return this.#report(knocks, offer, engine);
  }

  async #knock(kind: KnockKind): Promise<Knock | undefined> {
    const { endpoint, serverName } = this.#planned;
    const credential = this.#credentials[kind];
    if (!credential) return undefined;
    const seen = await this.#turn((timeoutMs) => probe({ endpoint, serverName, credential, timeoutMs }));
    return seen && { kind, seen };
  }

  /** Asked with the line's certificate only: what an engine says of itself is for its owner. */
  async #engine(seen: Observation): Promise<EngineVersion | undefined> {
    const { line } = this.#credentials;
    if (!line || seen.kind !== "answered" || !isDockerAnswer(seen.answer)) return undefined;
    const { endpoint, serverName } = this.#planned;
    const result = await this.#turn((timeoutMs) => engineVersion(endpoint, line, timeoutMs, serverName));
    return result?.ok ? result.engine : undefined;
  }

  #report(
    knocks: readonly (Knock | undefined)[],
    offer: EndpointReport["offer"],
    engine?: EngineVersion,
  ): EndpointReport {
    return {
      ...this.#planned,
      knocks: knocks.filter((knock) => knock !== undefined),
      offer,
      ...(engine && { engine }),
      ...(this.#cutShort && { cutShort: true }),
    };
  }
}

/**
 * Looks at one endpoint.
 * @param turn bounds time and the number of connections
 * @throws CREDENTIAL_UNUSABLE when a certificate or key to knock with cannot be used
 */
export function surveyEndpoint(
  planned: PlannedEndpoint,
  credentials: KnockCredentials,
  turn: Turn,
): Promise<EndpointReport> {
  return new EndpointSurvey(planned, credentials, turn).run();
}

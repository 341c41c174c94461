/** Examines one endpoint from outside: a real `GET /_ping` for each caller, and the TLS that it offers. */
import {
  type EndpointReport,
  furtherCallers,
  type PlannedEndpoint,
  speaksTls,
  worthTls,
} from "../../../doctor/index.ts";
import {
  type Caller,
  type CallerCredentials,
  type Credential,
  type EngineVersion,
  isDockerAnswer,
  type Observation,
  type Probe,
  withNobody,
} from "../../../engine/index.ts";
import { engineVersion } from "../engine-client.ts";
import { probe } from "../prober.ts";
import { surveyTls, type Turn } from "./survey-tls.ts";

class EndpointSurvey {
  readonly #planned: PlannedEndpoint;
  readonly #credentials: Partial<Record<Caller, Credential>>;
  readonly #turn: Turn;
  #cutShort = false;

  constructor(planned: PlannedEndpoint, credentials: CallerCredentials, turn: Turn) {
    this.#planned = planned;
    this.#credentials = withNobody(credentials);
    this.#turn = async (work) => {
      const result = await turn(work);
      if (result === undefined) this.#cutShort = true;
      return result;
    };
  }

  async run(): Promise<EndpointReport> {
    const plain = await this.#probe("plain");
    if (!plain || !worthTls(plain.seen)) return this.#report([plain], null);
    const none = await this.#probe("none");
    if (!none || !speaksTls(none.seen)) return this.#report([plain, none], null);
    const [offer, ...further] = await Promise.all([
      surveyTls(this.#planned, this.#turn),
      ...furtherCallers(this.#credentials).map((caller) => this.#probe(caller)),
    ]);
    const probes = [plain, none, ...further];
    const line = probes.find((probe) => probe?.caller === "line");
    const engine = line && (await this.#engine(line.seen));
    return this.#report(probes, offer, engine);
  }

  async #probe(caller: Caller): Promise<Probe | undefined> {
    const { endpoint, serverName } = this.#planned;
    const credential = this.#credentials[caller];
    if (!credential) return undefined;
    const seen = await this.#turn((timeoutMs) => probe({ endpoint, serverName, credential, timeoutMs }));
    return seen && { caller, seen };
  }

  /** Asks only with the line's certificate: the version of an engine is for its owner. */
  async #engine(seen: Observation): Promise<EngineVersion | undefined> {
    const { line } = this.#credentials;
    if (!line || seen.kind !== "answered" || !isDockerAnswer(seen.answer)) return undefined;
    const { endpoint, serverName } = this.#planned;
    const result = await this.#turn((timeoutMs) => engineVersion(endpoint, line, timeoutMs, serverName));
    return result?.ok ? result.engine : undefined;
  }

  #report(
    probes: readonly (Probe | undefined)[],
    offer: EndpointReport["offer"],
    engine?: EngineVersion,
  ): EndpointReport {
    return {
      ...this.#planned,
      probes: probes.filter((probe) => probe !== undefined),
      offer,
      ...(engine && { engine }),
      ...(this.#cutShort && { cutShort: true }),
    };
  }
}

/**
 * Examines one endpoint.
 * @param turn limits time and the number of connections
 * @throws CREDENTIAL_UNUSABLE when a certificate or key to probe with cannot be used
 */
export function surveyEndpoint(
  planned: PlannedEndpoint,
  credentials: CallerCredentials,
  turn: Turn,
): Promise<EndpointReport> {
  return new EndpointSurvey(planned, credentials, turn).run();
}

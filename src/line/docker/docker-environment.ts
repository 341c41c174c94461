/** A line as the environment variables that every Docker client reads. */
import { dockerHost, type Endpoint, makeEndpoint } from "../../engine/index.ts";
import type { Line } from "../line.ts";

/** The three variables that a line sets, in the order of printing. */
export const DOCKER_VARIABLES = ["DOCKER_HOST", "DOCKER_TLS_VERIFY", "DOCKER_CERT_PATH"] as const;

/**
 * Variables that name another engine. docker CLI 20.10 and 28 prefer DOCKER_HOST, but Docker's manual says the
 * opposite, and other clients follow the manual, so these must not stay set.
 */
export const RIVAL_VARIABLES = ["DOCKER_CONTEXT"] as const;

/** @param variables that point a client at a line @returns those that would lead it elsewhere, or add TLS to a socket */
export function othersThan(variables: Readonly<Record<string, string>>): string[] {
  return [...DOCKER_VARIABLES, ...RIVAL_VARIABLES].filter((name) => !Object.hasOwn(variables, name));
}

/** In Python's requests, and so in docker-py and docker-compose 1, these override the CA of DOCKER_CERT_PATH. */
export const PYTHON_CA_VARIABLES = ["REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE"] as const;

/** Where a line's engine listens. @throws ENDPOINT_INVALID, which parseLine has excluded */
export function lineEndpoint(line: Pick<Line, "address" | "port">): Endpoint {
  return makeEndpoint(line.address, line.port);
}

/**
 * The environment that points a Docker client at a line.
 * @param certPath absolute path of the folder with ca.pem, cert.pem and key.pem
 */
export function dockerEnvironment(
  line: Pick<Line, "address" | "port">,
  certPath: string,
): Record<(typeof DOCKER_VARIABLES)[number], string> {
  return { DOCKER_HOST: dockerHost(lineEndpoint(line)), DOCKER_TLS_VERIFY: "1", DOCKER_CERT_PATH: certPath };
}

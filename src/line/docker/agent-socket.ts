/** Where the agent of a line listens: in tetherdock's own folder, so that lines of two such folders never mix. */
import { posix } from "node:path";

/** Folder of the sockets, below tetherdock's folder. */
export const AGENT_FOLDER = "agent";

/** @param home tetherdock's folder, absolute @param name of a line */
export function agentSocket(home: string, name: string): string {
  return posix.join(home, AGENT_FOLDER, `${name}.sock`);
}

/** @param path of an agent's socket @returns the endpoint that it is for Docker clients */
export function socketHost(path: string): string {
  return `unix://${path}`;
}

/** @param path of an agent's socket @returns the variable that points a Docker client at it */
export function socketEnvironment(path: string): Record<"DOCKER_HOST", string> {
  return { DOCKER_HOST: socketHost(path) };
}

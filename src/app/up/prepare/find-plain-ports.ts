/** Which ports serve the API to everybody now: flags do not show this, so they are probed. */
import { isDockerAnswer, type Prober } from "../../../engine/index.ts";

const TIMEOUT_MS = 2_000;

/**
 * @param host name or address as clients dial it
 * @param ports TCP ports that systemd or dockerd opens
 */
export async function findPlainPorts(
  probe: Prober,
  host: string,
  ports: readonly number[],
): Promise<Set<number>> {
  const seen = await Promise.all(
    ports.map(async (port) => {
      const request = {
        endpoint: { host, port },
        credential: { kind: "plain" },
        timeoutMs: TIMEOUT_MS,
      } as const;
      const observation = await probe(request);
      return observation.kind === "answered" && isDockerAnswer(observation.answer) ? [port] : [];
    }),
  );
  return new Set(seen.flat());
}

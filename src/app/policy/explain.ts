/** What a role says to each request of a docker command, without an engine. */
import { Foreign, shellJoin, TetherdockError } from "../../base/index.ts";
import type { SentRequest } from "../../engine/index.ts";
import type { Role } from "../../policy/index.ts";
import { requireDockerCommand } from "./docker-command.ts";
import { type Explained, judgeRequests } from "./judge-requests.ts";
import type { RecordPorts } from "./ports.ts";

const MOST_LINES = 5;

/** Without repetitions: clients ask some things many times. */
function once(all: readonly Explained[]): Explained[] {
  const seen = new Set<string>();
  return all.filter((one) => {
    const key = JSON.stringify([one.method, one.target, one.rule, one.reason]);
    return !seen.has(key) && seen.add(key);
  });
}

/**
 * The socket answers as if everything succeeded, so a command that fails has not sent what it would send to an engine.
 * @throws COMMAND_NOT_FOUND, INTERRUPTED, POLICY_COMMAND_FAILED
 */
export async function requestsOf(
  ports: Pick<RecordPorts, "record">,
  command: readonly string[],
): Promise<readonly SentRequest[]> {
  requireDockerCommand(command);
  const { requests, status, stderr } = await ports.record(command);
  if (requests.length > 0 && status === 0) return requests;
  const how = status === null ? "was stopped after 30 seconds" : `ended with status ${status}`;
  throw new TetherdockError(
    "POLICY_COMMAND_FAILED",
    `${shellJoin(command)} ${requests.length === 0 ? "sent no request" : how}`,
    {
      why: new Foreign(stderr).lastLines(MOST_LINES),
      hints: [
        "name a docker command that would succeed here; docker run and exec without -t, since there is no terminal",
      ],
    },
  );
}

/** @throws COMMAND_NOT_FOUND, INTERRUPTED, POLICY_COMMAND_FAILED */
export async function explainCommand(
  ports: Pick<RecordPorts, "record">,
  role: Role,
  command: readonly string[],
): Promise<readonly Explained[]> {
  return once(await judgeRequests(role, await requestsOf(ports, command)));
}

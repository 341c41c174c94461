/** Runs a docker command against an engine that executes nothing, and keeps what it sends. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import type { Recording } from "../../engine/index.ts";
import { dockerHome, type Environment } from "../../line/index.ts";
import { temporaryFolder } from "../identity/temporary-folder.ts";
import { cannotRun } from "../ssh/run-child.ts";
import { makeClientFolder } from "./client-folder.ts";
import { RecordedEngine } from "./recorded-engine.ts";

/** A command that waits for something that never comes is killed. */
const COMMAND_MS = 30_000;
const MOST_STDERR = 4000;

async function runToEnd(
  command: readonly string[],
  env: NodeJS.ProcessEnv,
  signal: AbortSignal,
): Promise<Omit<Recording, "requests">> {
  signal.throwIfAborted();
  const [program = "", ...args] = command;
  const child = spawn(program, args, { env, stdio: ["ignore", "ignore", "pipe"] });
  const end = () => {
    child.kill("SIGKILL");
    // A plugin that it has started may live on, and would keep its end of the pipe open.
    child.stderr.destroy();
  };
  const timer = setTimeout(end, COMMAND_MS);
  signal.addEventListener("abort", end, { once: true });
  let stderr = "";
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    stderr = (stderr + text).slice(0, MOST_STDERR);
  });
  try {
    const [status] = (await once(child, "close")) as [number | null];
    signal.throwIfAborted();
    return { status, stderr };
  } catch (error) {
    throw signal.aborted ? signal.reason : cannotRun(program, error as Error);
  } finally {
    clearTimeout(timer);
    signal.removeEventListener("abort", end);
  }
}

/** Variables that lead a client elsewhere. */
const ELSEWHERE = [
  "BUILDKIT_HOST",
  "BUILDX_BUILDER",
  "BUILDX_CONFIG",
  "DOCKER_CONTEXT",
  "DOCKER_TLS_VERIFY",
  "DOCKER_TLS",
  "DOCKER_CERT_PATH",
  "DOCKER_API_VERSION",
];

/**
 * Runs a command whose docker clients talk to such an engine.
 * @throws COMMAND_NOT_FOUND, COMMAND_NOT_EXECUTABLE, INTERRUPTED, FILE_FAILED
 */
export async function recordCommand(
  command: readonly string[],
  environment: Environment,
  signal: AbortSignal,
): Promise<Recording> {
  const folder = await temporaryFolder("tetherdock-explain-");
  const engine = new RecordedEngine();
  try {
    const path = join(folder.path, "docker.sock");
    await engine.listen(path);
    const own: NodeJS.ProcessEnv = {
      ...environment.env,
      DOCKER_HOST: `unix://${path}`,
      DOCKER_BUILDKIT: "0",
    };
    for (const name of ELSEWHERE) delete own[name];
    own["DOCKER_CONFIG"] = await makeClientFolder(folder.path, dockerHome(environment));
    const ended = await runToEnd(command, own, signal);
    return { requests: engine.requests, ...ended };
  } finally {
    engine.close();
    await folder.remove();
  }
}

/** `context`: docker contexts that are made from lines, brought up to date, and removed. */
import { type Clock, nearest, shellJoin, TetherdockError } from "../../base/index.ts";
import { assertOurs, assertReplaceable, parseContextName } from "../../line/index.ts";
import {
  type ContextRemoved,
  type DockerEnvironment,
  expiryWarning,
  type LinePorts,
  listLineContexts,
  overrideOf,
  pickLine,
  readableLines,
  removeContext,
  writeLineContext,
} from "../lines/index.ts";

/** Lines, contexts, and the environment that selects among them. */
export interface ContextPorts extends LinePorts, DockerEnvironment {
  readonly clock: Clock;
}

/** What is asked of a `context create`. */
export interface NewContext {
  /** The line as typed; undefined: the one that is meant when none is named. */
  readonly line: string | undefined;
  /** Undefined: the line's name. */
  readonly name: string | undefined;
  /** Whether it connects to the line's agent, instead of a copy of the key. */
  readonly agent: boolean;
  /** Whether it becomes the current one. */
  readonly use: boolean;
}

/** The result. */
export interface CreatedContext {
  readonly name: string;
  /** What overrides the current context in this shell, or null. */
  readonly override: ReturnType<typeof overrideOf>;
  /** If the certificate that it copied expires soon or has expired. */
  readonly warning: string | undefined;
}

/**
 * A second run brings it up to date.
 * @throws LINE_…, CONTEXT_NAME_INVALID, CONTEXT_FOREIGN, CONTEXT_TAKEN, AGENT_NOT_RUNNING, KEY_PROTECTED, DOCKER_CONFIG_BROKEN
 */
export async function createContext(ports: ContextPorts, wanted: NewContext): Promise<CreatedContext> {
  const line = await ports.lines.read(await pickLine(ports, wanted.line));
  const name = wanted.name ?? parseContextName(line.name);
  const store = await ports.contexts();
  assertReplaceable(await store.read(name), line, await readableLines(ports));
  // Read before anything is written: a config.json that cannot be read is an error here.
  if (wanted.use) await store.current();
  // An agent that is not there is an error here, and not at the next docker command.
  if (wanted.agent) await ports.lines.agentSocket(line.name);
  await writeLineContext(ports, name, line, wanted.agent);
  if (wanted.use) await store.use(name);
  const certificate = await ports.lines.readFile(line.name, "docker/cert.pem");
  const warning = await expiryWarning(ports, line, certificate, ports.clock());
  return { name, override: overrideOf(ports.env), warning };
}

/** What a refresh did, and what it could not do. */
export interface Refreshed {
  /** Contexts that were stale. */
  readonly renewed: readonly string[];
  /** Contexts whose line is gone. */
  readonly orphans: readonly string[];
}

/**
 * Rewrites stale copies.
 * @param argument the line as typed; undefined: every line
 * @throws LINE_UNKNOWN; CONTEXT_UNKNOWN when the line has no context
 */
export async function refreshContexts(ports: ContextPorts, argument: string | undefined): Promise<Refreshed> {
  const wanted = argument === undefined ? undefined : await pickLine(ports, argument);
  const all = await listLineContexts(ports);
  const found = all.filter(({ line }) => wanted === undefined || line === wanted);
  if (wanted !== undefined && found.length === 0)
    throw new TetherdockError("CONTEXT_UNKNOWN", `the line "${wanted}" has no docker context`, {
      hints: [shellJoin(["tetherdock", "context", "create", wanted])],
    });
  const renewed: string[] = [];
  for (const { name, line, state, agent } of found)
    if (line !== undefined && state === "stale") {
      await writeLineContext(ports, name, await ports.lines.read(line), agent);
      renewed.push(name);
    }
  return { renewed, orphans: found.filter(({ state }) => state === "orphan").map(({ name }) => name) };
}

/** @throws CONTEXT_UNKNOWN, CONTEXT_FOREIGN, DOCKER_CONFIG_BROKEN */
export async function removeNamed(ports: ContextPorts, name: string): Promise<ContextRemoved> {
  const store = await ports.contexts();
  const existing = await store.read(name);
  if (!existing) {
    const ours = (await store.list()).filter(({ meta }) => meta.lineId !== undefined);
    const names = ours.map(({ meta }) => meta.name);
    const close = nearest(name, names).map((other) => shellJoin(["tetherdock", "context", "rm", other]));
    throw new TetherdockError("CONTEXT_UNKNOWN", `there is no docker context "${name}"`, {
      hints: [...close, "tetherdock context ls"],
    });
  }
  assertOurs(existing);
  return removeContext(ports, name);
}

/** The docker contexts that were made from lines, and how they compare with them. */
import { shellJoin, TetherdockError } from "../../base/index.ts";
import {
  type ContextContent,
  type ContextStore,
  formatContextMeta,
  isStaleContext,
  type Line,
  type LineStore,
  lineHost,
  type StoredContext,
  socketHost,
  type TlsFiles,
  usesAgent,
} from "../../line/index.ts";
import { findLines, type LeaveOut, readableLines } from "./read-lines.ts";

/** Where lines and docker contexts are kept. */
export interface LinePorts {
  readonly lines: LineStore;
  /** The docker CLI's contexts; loaded when asked for. */
  contexts(): Promise<ContextStore>;
}

/** `fresh`: the same as the line; `stale`: it changed since; `orphan`: the line is gone; `unknown`: a line cannot be read. */
export type ContextState = "fresh" | "stale" | "orphan" | "unknown";

/** One docker context that carries our mark. */
export interface LineContext {
  readonly name: string;
  readonly host: string | undefined;
  /** Name of the line; undefined where it is gone or cannot be read. */
  readonly line: string | undefined;
  readonly state: ContextState;
  /** Whether it connects to the line's agent, and so has no copy of the key. */
  readonly agent: boolean;
  readonly current: boolean;
}

/** What a context of this line has now. @throws KEY_PROTECTED */
async function contentOf(ports: LinePorts, line: Line, byAgent: boolean): Promise<ContextContent> {
  if (byAgent) return { host: socketHost(ports.lines.agentSocketPath(line.name)), files: null };
  return { host: lineHost(line), files: await tlsFilesOf(ports, line.name) };
}

async function tlsFilesOf(ports: LinePorts, name: string): Promise<TlsFiles> {
  if (await ports.lines.isKeyEncrypted(name))
    throw new TetherdockError("KEY_PROTECTED", `the key of the line ${name} is encrypted`, {
      why: ["a docker context holds a copy of the key, and docker cannot read an encrypted one"],
      hints: [
        shellJoin(["tetherdock", "context", "create", name, "--agent"]),
        shellJoin(["tetherdock", "agent", "unprotect", name]),
      ],
    });
  const [ca, cert, key] = await Promise.all([
    ports.lines.readFile(name, "docker/ca.pem"),
    ports.lines.readFile(name, "docker/cert.pem"),
    ports.lines.readFile(name, "docker/key.pem"),
  ]);
  return { "ca.pem": ca, "cert.pem": cert, "key.pem": key };
}

async function stateOf(ports: LinePorts, stored: StoredContext, line?: Line): Promise<ContextState> {
  if (!line) return "orphan";
  const now = await contentOf(ports, line, usesAgent(stored.meta));
  const stale = isStaleContext(stored.meta, stored.files, now);
  return stale ? "stale" : "fresh";
}

async function linesOf(ports: LinePorts, leaveOut: LeaveOut | undefined) {
  if (!leaveOut) return { lines: await readableLines(ports), isWhole: true };
  const { lines, unread } = await findLines(ports);
  for (const one of unread) leaveOut(one);
  return { lines, isWhole: unread.length === 0 };
}

/**
 * Every docker context that carries our mark, sorted by name.
 * @param leaveOut for commands that only read: a line that cannot be read is left out, and told of here
 * @throws FILE_FAILED without it
 */
export async function listLineContexts(ports: LinePorts, leaveOut?: LeaveOut): Promise<LineContext[]> {
  const store = await ports.contexts();
  const ours = (await store.list()).filter(({ meta }) => meta.lineId !== undefined);
  if (ours.length === 0) return [];
  const [{ lines, isWhole }, current] = await Promise.all([linesOf(ports, leaveOut), store.current()]);
  const compare = async (stored: StoredContext, line: Line | undefined): Promise<ContextState> => {
    if (!line && !isWhole) return "unknown";
    try {
      return await stateOf(ports, stored, line);
    } catch (error) {
      if (!leaveOut || !line || !(error instanceof TetherdockError)) throw error;
      leaveOut({ name: line.name, error });
      return "unknown";
    }
  };
  return Promise.all(
    ours.map(async (stored) => {
      const line = lines.find(({ id }) => id === stored.meta.lineId);
      const { name, host } = stored.meta;
      const state = await compare(stored, line);
      return {
        name,
        host,
        line: line?.name,
        state,
        agent: usesAgent(stored.meta),
        current: name === current,
      };
    }),
  );
}

/** Writes a line, as it is now, into the context `name`. Whose that was is the caller's to judge. @throws KEY_PROTECTED */
export async function writeLineContext(
  ports: LinePorts,
  name: string,
  line: Line,
  byAgent = false,
): Promise<void> {
  const store = await ports.contexts();
  const { host, files } = await contentOf(ports, line, byAgent);
  await store.write(name, formatContextMeta(name, line, host), files);
}

/**
 * Rewrites the stale copies of a line, for `up` after it renewed or moved something.
 * @returns the names of the contexts it rewrote
 */
export async function refreshContextsOf(ports: LinePorts, line: Line): Promise<string[]> {
  const found = await listLineContexts(ports);
  const stale = found.filter((one) => one.line === line.name && one.state === "stale");
  for (const { name, agent } of stale) await writeLineContext(ports, name, line, agent);
  return stale.map(({ name }) => name);
}

/** The docker contexts that were made from lines, and how they compare with them. */
import { TetherdockError } from "../../base/index.ts";
import {
  type ContextStore,
  formatContextMeta,
  isStaleContext,
  type Line,
  type LineStore,
  type StoredContext,
  type TlsFiles,
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
  readonly current: boolean;
}

async function tlsFilesOf(ports: LinePorts, name: string): Promise<TlsFiles> {
  if (await ports.lines.isKeyEncrypted(name))
    throw new TetherdockError("KEY_PROTECTED", `the key of the line ${name} is encrypted`, {
      why: ["a docker context holds a copy of the key, and docker cannot read an encrypted one"],
      hints: [`tetherdock env ${name}   # selects the agent`, `tetherdock agent unprotect ${name}`],
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
  const stale = isStaleContext(stored.meta, stored.files, line, await tlsFilesOf(ports, line.name));
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
      return { name, host, line: line?.name, state, current: name === current };
    }),
  );
}

/** Writes a line, as it is now, into the context `name`. Whose that was is the caller's to judge. */
export async function writeLineContext(ports: LinePorts, name: string, line: Line): Promise<void> {
  const store = await ports.contexts();
  await store.write(name, formatContextMeta(name, line), await tlsFilesOf(ports, line.name));
}

/**
 * Rewrites the stale copies of a line, for `up` after it renewed or moved something.
 * @returns the names of the contexts it rewrote
 */
export async function refreshContextsOf(ports: LinePorts, line: Line): Promise<string[]> {
  const found = await listLineContexts(ports);
  const stale = found
    .filter((one) => one.line === line.name && one.state === "stale")
    .map(({ name }) => name);
  for (const name of stale) await writeLineContext(ports, name, line);
  return stale;
}

/** Finds the log to read: a line's, through its gateway, or one in a folder on this machine. */
import { clientOf } from "../../audit/index.ts";
import { shellJoin, TetherdockError } from "../../base/index.ts";
import { GATEWAY_LOGS_LINK } from "../../facts/index.ts";
import {
  askClients,
  askRecords,
  type ClientCommands,
  gatewayAccess,
  readVerification,
} from "../gateway-api/index.ts";
import { lineOption } from "../lines/index.ts";
import { overLine, VERIFY_MS, verifyPath } from "./ask-log.ts";
import { followAgain } from "./follow-again.ts";
import type { AuditPorts, RecordQuery, RecordSource } from "./ports.ts";

/** Where a gateway's log is on its host (docs/audit.md). */
const HOST_FOLDER = GATEWAY_LOGS_LINK;

/** What was typed. */
export interface AuditPlace {
  readonly folder: string | undefined;
  readonly line: string | undefined;
}

async function* recordsOf(ports: AuditPorts, line: string | undefined, wanted: RecordQuery) {
  yield* askRecords(ports.gateway, await gatewayAccess(ports, line), wanted);
}

/** A gateway that is started again, as by `upgrade`, is followed on. One that cannot be reached to begin with is an error. */
function followLine(ports: AuditPorts, line: string | undefined, query: RecordQuery): AsyncIterable<string> {
  const ask = overLine(ports, line);
  return followAgain(
    ports,
    {
      open: async function* (reach) {
        yield* recordsOf(ports, line, { ...(await reach(ask)), follow: true });
      },
      isPassing: ({ code }, wasReached) => wasReached && code === "GATEWAY_UNREACHABLE",
      onStop: (error) => ports.onFollowed(error),
      onAgain: () => ports.onFollowed(null),
    },
    query,
  );
}

async function* recordsIn(source: ReturnType<AuditPorts["folder"]>, query: RecordQuery) {
  const isNewOnly = query.follow && query.sinceMs === undefined;
  yield* source.records(isNewOnly ? { ...query, sinceMs: (await source.newest()) + 1 } : query);
}

/** A log, and the clients whose records it may have. */
export interface NamedSource extends RecordSource {
  /** Where clients are looked for, for messages: `in …`. */
  readonly place: string;
  /** Names of the clients that are known there. */
  names(): Promise<readonly string[]>;
  readonly commands: ClientCommands;
}

/** How many records are read to find a name that is similar to the one that was typed. */
const SEARCHED = 20_000;

async function namesIn(records: AsyncIterable<string>): Promise<readonly string[]> {
  const names = new Set<string>();
  let left = SEARCHED;
  for await (const record of records) {
    const name = clientOf(record);
    if (name !== undefined) names.add(name);
    if (--left === 0) break;
  }
  return [...names];
}

function folderSource(ports: AuditPorts, path: string): NamedSource {
  const source = ports.folder(path);
  return {
    ...source,
    records: (query) => recordsIn(source, query),
    place: `in the audit log in ${path}`,
    names: () => namesIn(source.records({ follow: false, signal: new AbortController().signal })),
    commands: {
      list: null,
      again: (name) => ["tetherdock", "audit", "--directory", path, "--client", name],
    },
  };
}

/** @param line undefined: the one that is meant when none is named */
function lineSource(ports: AuditPorts, line: string | undefined): NamedSource {
  return {
    place: "on this line's client list or in its audit log",
    names: async () => (await askClients(ports, line)).clients.map(({ name }) => name),
    commands: {
      list: shellJoin(["tetherdock", "client", "ls", ...lineOption(line)]),
      again: (name) => ["tetherdock", "audit", ...(line === undefined ? [] : [line]), "--client", name],
    },
    records: (query) => (query.follow ? followLine(ports, line, query) : recordsOf(ports, line, query)),
    verify(seal) {
      return overLine(ports, line)(verifyPath(seal), readVerification, VERIFY_MS);
    },
  };
}

/** The error on a machine that has no line and is not a gateway's host. */
function neither(): TetherdockError {
  return new TetherdockError("LINE_NONE", "no line is set up on this machine", {
    why: [`it is not a gateway's host either: there is no audit log in ${HOST_FOLDER}`],
    hints: ["tetherdock up user@host", "tetherdock audit --directory FOLDER   # to read a copy of a log"],
  });
}

/**
 * The log of a line if one is named or exists: this machine is a laptop. Otherwise the host's own.
 * @throws USAGE if both are named; LINE_NONE if neither exists
 */
export async function findSource(ports: AuditPorts, { folder, line }: AuditPlace): Promise<NamedSource> {
  if (folder !== undefined && line !== undefined)
    throw new TetherdockError(
      "USAGE",
      "--directory reads a log on this machine; a line's log is on its host",
      {
        hints: [
          shellJoin(["tetherdock", "audit", "--directory", folder]),
          shellJoin(["tetherdock", "audit", line]),
        ],
      },
    );
  if (folder !== undefined) return folderSource(ports, folder);
  const isLaptop =
    line !== undefined || ports.env["TETHERDOCK_LINE"] || (await ports.lines.list()).length > 0;
  if (isLaptop) return lineSource(ports, line);
  if (!(await ports.isThere(HOST_FOLDER))) throw neither();
  return folderSource(ports, HOST_FOLDER);
}

/** Which log is meant: a line's, through its gateway, or one in a folder here. */
import { shellJoin, TetherdockError } from "../../base/index.ts";
import { callLine, gatewayAccess, readVerification } from "../gateway-api/index.ts";
import type { AuditPorts, RecordQuery, RecordSource } from "./ports.ts";

/** Where a gateway's log is on its host (docs/audit.md). */
const HOST_FOLDER = "/var/log/tetherdock-gateway";

/** A gigabyte is read and hashed before the gateway answers, beside its work. */
const VERIFY_MS = 5 * 60_000;

/** What was typed. */
export interface AuditPlace {
  readonly folder: string | undefined;
  readonly line: string | undefined;
}

async function* recordsOf(ports: AuditPorts, line: string | undefined, wanted: RecordQuery) {
  const { sinceMs, client, follow, signal } = wanted;
  const query = new URLSearchParams({
    ...(sinceMs !== undefined && { since: `${sinceMs}` }),
    ...(client !== undefined && { client }),
    ...(follow && { follow: "1" }),
  });
  const call = { method: "GET", path: `audit?${query}`, signal } as const;
  yield* ports.gateway.lines(await gatewayAccess(ports, line), call);
}

/** @param line undefined: the one that is meant when none is named */
function lineSource(ports: AuditPorts, line: string | undefined): RecordSource {
  return {
    records: (query) => recordsOf(ports, line, query),
    verify(seal) {
      const path = `audit/verify${seal === undefined ? "" : `?seal=${seal}`}`;
      return callLine(ports, line, { method: "GET", path, answerMs: VERIFY_MS }, readVerification);
    },
  };
}

/**
 * A line's if one is named or there is any, for that is a laptop; else the host's own.
 * @throws USAGE when both are named
 */
export async function findSource(ports: AuditPorts, { folder, line }: AuditPlace): Promise<RecordSource> {
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
  if (folder !== undefined) return ports.folder(folder);
  const isLaptop =
    line !== undefined || ports.env["TETHERDOCK_LINE"] || (await ports.lines.list()).length > 0;
  return isLaptop ? lineSource(ports, line) : ports.folder(HOST_FOLDER);
}

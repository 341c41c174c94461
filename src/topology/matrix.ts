/**
 * Who opened the socket × what the flags claim, against what the real listener answers. In 2015 three of the four
 * agreed; a socket from systemd behind `--tlsverify` spoke plain HTTP (moby PR 17211 mended it in 1.10.0).
 */

import type { EndpointReport, Inside, Subject } from "../doctor/index.ts";
import { seenBy } from "../doctor/index.ts";
import {
  describeObservation,
  formatEndpoint,
  isDockerAnswer,
  type Observation,
  wantsTls,
} from "../engine/index.ts";
import { GATEWAY_SOCKET, runningSettings, usesTls } from "../facts/index.ts";
import { allSockets, heldBy } from "./sockets.ts";

/** What one protocol got from one listener. */
export interface MatrixCell {
  /** Null: nothing could be concluded. */
  readonly works: boolean | null;
  readonly saw: string;
}

/** One of the four combinations. */
export interface MatrixRow {
  readonly openedBy: "systemd" | "dockerd";
  /** Whether dockerd's flags or daemon.json turn TLS on. */
  readonly tlsClaimed: boolean;
  /** The endpoints that are so; none on most rows. */
  readonly listeners: readonly {
    readonly address: string;
    readonly plain: MatrixCell;
    readonly tls: MatrixCell;
  }[];
}

function cell(seen: Observation | undefined, overTls: boolean): MatrixCell {
  if (!seen) return { works: null, saw: "not tried" };
  const saw = describeObservation(seen);
  if (seen.kind === "answered" && !seen.tls && wantsTls(seen.answer)) return { works: false, saw };
  if (seen.kind !== "answered") return { works: seen.kind === "unreachable" ? null : false, saw };
  return { works: isDockerAnswer(seen.answer) && (seen.tls !== undefined) === overTls, saw };
}

/** The line's certificate tells most; without it, that TLS is spoken and a certificate asked for is as far as it goes. */
function tlsCell(report: EndpointReport): MatrixCell {
  const line = seenBy(report, "line");
  if (line) return cell(line, true);
  const none = seenBy(report, "none");
  const asked = none?.kind === "tls-alert" || (none?.kind === "closed" && none.tls !== undefined);
  return asked ? { works: null, saw: "TLS is spoken, and a certificate asked for" } : cell(none, true);
}

function openerOf(inside: Inside, port: number): MatrixRow["openedBy"] | null {
  const sockets = allSockets(inside).filter((socket) => socket.port === port);
  // A gateway's socket leads to the gateway: dockerd has no part in its TLS.
  if (sockets.some(({ unit }) => unit === GATEWAY_SOCKET)) return null;
  if (sockets.some(({ unit }) => unit !== null)) return "systemd";
  return sockets.some((socket) => heldBy(socket, "dockerd")) ? "dockerd" : null;
}

/**
 * The matrix of one host.
 * @returns four rows, in the story's order; none when there was no look from inside, for only it knows who opened what
 */
export function matrixOf({ inside, endpoints }: Pick<Subject, "inside" | "endpoints">): MatrixRow[] {
  if (!inside) return [];
  const { tls } = runningSettings(inside);
  const claimed = usesTls(tls);
  const listenersOf = (openedBy: MatrixRow["openedBy"]) =>
    endpoints
      .filter(({ endpoint }) => openerOf(inside, endpoint.port) === openedBy)
      .map((report) => ({
        address: formatEndpoint(report.endpoint),
        plain: cell(seenBy(report, "plain"), false),
        tls: tlsCell(report),
      }));
  return (["systemd", "dockerd"] as const).flatMap((openedBy) =>
    [false, true].map((tlsClaimed) => ({
      openedBy,
      tlsClaimed,
      listeners: tlsClaimed === claimed ? listenersOf(openedBy) : [],
    })),
  );
}

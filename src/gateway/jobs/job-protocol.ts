/**
 * How a CI job gets a certificate (ADR 0033): TLS with its own application protocol, and lines of JSON. The gateway shows
 * the line's CA; the job, which has verified the server by then, sends its token. If the gateway needs the issuer's keys, it
 * has the job connect to the issuer and pass bytes: the gateway speaks TLS with the issuer through them, so the job can
 * neither read nor change what it passes. Then the gateway answers, as it does to a machine that joins.
 */
import { json } from "../../base/index.ts";
import { isIssuer, readClientName, readJobToken } from "../../identity/index.ts";
import { type IssuedOrRefused, readIssuedOrRefused } from "../exchange/answer.ts";

/** The ALPN name. */
export const JOB_PROTOCOL = "tetherdock-oidc/1";

/** Most bytes of a line, either way: a token of 16 KiB, or a piece of what is passed. */
export const JOB_LINE_BYTES = 32 * 1024;
/** Most bytes in one piece. */
export const PIECE_BYTES = 16 * 1024;

/** One for each document. */
export const MOST_ISSUER_CONNECTIONS = 2;

/** The job's first line. */
export interface JobRequest {
  readonly client: string;
  readonly token: string;
}

export const readJobRequest = json.object<JobRequest>({
  client: { read: readClientName },
  token: { read: json.words(JOB_LINE_BYTES) },
});

/** Bytes from the issuer; null: it has closed the connection, or could not be reached. */
export interface FromIssuer {
  /** Which connection: what an earlier one has brought may still be on its way. */
  readonly of: number;
  readonly received: Buffer | null;
}

const pieces: json.Read<Buffer | null> = (value, at, complain) =>
  value === null
    ? null
    : typeof value === "string" && /^[A-Za-z0-9+/=]*$/.test(value)
      ? Buffer.from(value, "base64")
      : void complain(at, "must be base64");

export const readFromIssuer = json.object<FromIssuer>({
  of: { read: json.count(MOST_ISSUER_CONNECTIONS) },
  received: { read: pieces },
});

/** What the gateway asks of the job: a new connection, numbered from 1, to the issuer, bytes for it, or its end. */
export type ToIssuer = { readonly connect: number } | { readonly send: Buffer } | { readonly close: true };

const isTrue: json.Read<true> = (value, at, complain) =>
  value === true ? true : void complain(at, "must be true");

const readConnect = json.object<{ connect: number }>({
  connect: { read: json.count(MOST_ISSUER_CONNECTIONS) },
});
const readClose = json.object<{ close: true }>({ close: { read: isTrue } });
const readSend = json.object<{ send: Buffer | null }>({ send: { read: pieces } });

/** A line of the gateway after its first. */
export const readFromGateway: json.Read<ToIssuer | IssuedOrRefused> = (value, at, complain) => {
  const has = (key: string) => typeof value === "object" && value !== null && key in value;
  if (has("connect")) return readConnect(value, at, complain);
  if (has("close")) return readClose(value, at, complain);
  if (!has("send")) return readIssuedOrRefused(value, at, complain);
  const send = readSend(value, at, complain)?.send;
  return send ? { send } : undefined;
};

/** @param token as it is sent @returns where the job connects to, for the gateway; null: it has no issuer on https */
export function issuerOf(token: string): string | null {
  const read = readJobToken(token);
  return "problem" in read || !isIssuer(read.issuer) ? null : read.issuer;
}

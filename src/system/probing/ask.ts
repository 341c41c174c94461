/** Sends one HTTP/1.1 request over an open connection, and reads a limited part of the answer. */
import { type IncomingMessage, request } from "node:http";
import type { Duplex } from "node:stream";
import { type Endpoint, formatEndpoint, type HttpAnswer } from "../../engine/index.ts";

/** What to ask for, and how much of the answer to keep. */
export interface Question {
  readonly path: "/_ping" | "/version" | "/tetherdock/v1/status";
  /** Bytes. */
  readonly maxBodyBytes: number;
}

/** Receives the result of a question; ignore calls after onEnd or onError. */
export interface AskListener {
  /** The head has arrived, or more of the body. */
  readonly onAnswer: (answer: HttpAnswer) => void;
  /** The answer is complete, or as much of it as we keep. */
  readonly onEnd: () => void;
  /** The stream's own error, Node's `socket hang up`, or the parser's (`HPE_…`, with the offending bytes). */
  readonly onError: (error: Error) => void;
}

const MAX_HEAD_BYTES = 16 * 1024;

function header(response: IncomingMessage, name: string): string | undefined {
  const value = response.headers[name];
  return Array.isArray(value) ? value[0] : value;
}

function answerOf(response: IncomingMessage, body: string): HttpAnswer {
  const apiVersion = header(response, "api-version");
  const server = header(response, "server");
  return {
    status: response.statusCode ?? 0,
    ...(apiVersion !== undefined && { apiVersion }),
    ...(server !== undefined && { server }),
    body,
  };
}

/** Sends the question and reports the answer; the caller limits the time and destroys the stream. */
export function askOver(stream: Duplex, endpoint: Endpoint, question: Question, listener: AskListener): void {
  const asked = request({
    createConnection: () => stream,
    path: question.path,
    headers: { host: formatEndpoint(endpoint), "user-agent": "tetherdock", connection: "close" },
    maxHeaderSize: MAX_HEAD_BYTES,
  });
  asked.on("error", listener.onError);
  asked.on("response", (response) => {
    let body = Buffer.alloc(0);
    const report = (): void => listener.onAnswer(answerOf(response, body.toString("utf8")));
    report();
    response.on("data", (chunk: Buffer) => {
      body = Buffer.concat([body, chunk]).subarray(0, question.maxBodyBytes);
      report();
      if (body.length === question.maxBodyBytes) listener.onEnd();
    });
    response.on("end", listener.onEnd);
    response.on("error", listener.onError);
  });
  asked.end();
}

/** The gateway's own answers, in the form that Docker's clients print: `{"message": …}`. */

export const CONTINUE = "HTTP/1.1 100 Continue\r\n\r\n";

const REASONS: Readonly<Record<number, string>> = {
  200: "OK",
  201: "Created",
  204: "No Content",
  400: "Bad Request",
  403: "Forbidden",
  404: "Not Found",
  405: "Method Not Allowed",
  408: "Request Timeout",
  409: "Conflict",
  413: "Content Too Large",
  417: "Expectation Failed",
  429: "Too Many Requests",
  431: "Request Header Fields Too Large",
  500: "Internal Server Error",
  502: "Bad Gateway",
  503: "Service Unavailable",
  505: "HTTP Version Not Supported",
};

/** The parts of an answer's head. */
export interface AnswerHead {
  readonly status: number;
  readonly type: string;
  /** Bytes of the body; null: chunked. */
  readonly length: number | null;
  readonly close: boolean;
  /** `CONNECTION-REQUEST` as in the audit log. */
  readonly requestId: string;
}

/** @returns a head with its empty line */
export function answerHead({ status, type, length, close, requestId }: AnswerHead): string {
  const framing = length === null ? "Transfer-Encoding: chunked" : `Content-Length: ${length}`;
  return (
    `HTTP/1.1 ${status} ${REASONS[status] ?? "Status"}\r\nServer: tetherdock\r\nX-Tetherdock-Request: ${requestId}\r\n` +
    `Content-Type: ${type}\r\n${framing}\r\n${close ? "Connection: close\r\n" : ""}\r\n`
  );
}

/**
 * @param value sent as JSON with a newline, as Docker does
 * @param method of the request: an answer to HEAD has no body
 * @returns a whole answer
 */
export function jsonAnswer(
  head: Omit<AnswerHead, "type" | "length">,
  value: unknown,
  method = "GET",
): string {
  const body = `${JSON.stringify(value)}\n`;
  const text = answerHead({ ...head, type: "application/json", length: Buffer.byteLength(body) });
  return method === "HEAD" ? text : text + body;
}

/** The body of a refusal. */
export function refusal(text: string, hint?: string): { readonly message: string } {
  return { message: `tetherdock: ${text}${hint === undefined ? "" : `; ${hint}`}` };
}

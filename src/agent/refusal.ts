/** Answers of the agent itself, in the form of Docker's errors, so that Docker clients show the text. */

function answer(status: string, type: string, body: string): string {
  const length = Buffer.byteLength(body);
  return `HTTP/1.1 ${status}\r\nServer: tetherdock-agent\r\nContent-Type: ${type}\r\nContent-Length: ${length}\r\nConnection: close\r\n\r\n`;
}

export function jsonAnswer(status: string, value: unknown, hasBody = true): string {
  const body = `${JSON.stringify(value)}\n`;
  return answer(status, "application/json", body) + (hasBody ? body : "");
}

/**
 * @param problem what happened, in one line
 * @param isHead whether the request is a HEAD, whose answer has no body
 */
export function refusalAnswer(status: 502 | 503, problem: string, isHead: boolean): string {
  const reason = status === 502 ? "502 Bad Gateway" : "503 Service Unavailable";
  return jsonAnswer(reason, { message: `tetherdock agent: ${problem}` }, !isHead);
}

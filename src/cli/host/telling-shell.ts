/** A host's shell that says on stderr what it waits for, and how much of a payload is sent. */
import type { HostShell, Payload, ScriptResult } from "../../facts/index.ts";
import type { Context } from "../context.ts";
import { createActivity, during } from "../output/activity.ts";

const megabytes = (bytes: number): string => (bytes / 1e6).toFixed(1);

/** How much was taken, and how fast. */
function counting({ bytes, read }: Payload): { payload: Payload; told: () => string } {
  const startedAt = performance.now();
  let sent = 0;
  async function* counted(): AsyncGenerator<Uint8Array> {
    for await (const chunk of read()) {
      yield chunk;
      sent += chunk.length;
    }
  }
  const told = (): string => {
    const rate = sent / Math.max(1, performance.now() - startedAt) / 1e3;
    return `sent ${megabytes(sent)} of ${megabytes(bytes)} MB, ${rate.toFixed(1)} MB/s`;
  };
  return { payload: { bytes, read: counted }, told };
}

/** @param destination how the user calls the host */
export function tellingShell(
  context: Pick<Context, "stderr" | "terminal">,
  shell: HostShell,
  destination: string,
): HostShell {
  return {
    get arrivedAt() {
      return shell.arrivedAt;
    },
    run: (script, timeoutMs) =>
      during(context, `waiting for ${destination}`, () => shell.run(script, timeoutMs)),
    async send(script, original, timeoutMs): Promise<ScriptResult> {
      const { payload, told } = counting(original);
      const activity = createActivity(context);
      activity.begin(told);
      try {
        return await shell.send(script, payload, timeoutMs);
      } finally {
        activity.end();
      }
    },
    atEnd: (command) => shell.atEnd(command),
    close: () => shell.close(),
  };
}

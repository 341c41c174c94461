/** Asks Docker's socket for the engine's version. */
import { once } from "node:events";
import { type IncomingMessage, request } from "node:http";
import { json, SECOND_MS } from "../../../base/index.ts";
import { textUpTo } from "../../service/text-up-to.ts";

const TIME_MS = 5 * SECOND_MS;
const MOST_BYTES = 64 * 1024;

const readVersion = json.openObject<{ readonly Version: string }>({
  Version: { read: json.matching(/^[\w.+~:-]{1,64}$/, "a version") },
});

/** @param socketPath of Docker @returns null: it does not answer, or not with a version */
export async function engineVersion(socketPath: string): Promise<string | null> {
  const signal = AbortSignal.timeout(TIME_MS);
  const asking = request({ socketPath, path: "/version", agent: false, signal });
  asking.on("error", () => {});
  try {
    asking.end();
    const [answer] = (await once(asking, "response")) as [IncomingMessage];
    const read = json.read((await textUpTo(answer, MOST_BYTES)) ?? "", readVersion, {
      maxLength: MOST_BYTES,
    });
    return "value" in read ? read.value.Version : null;
  } catch {
    return null;
  } finally {
    asking.destroy();
  }
}

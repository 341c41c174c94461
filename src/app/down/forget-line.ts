/** The laptop's part: the line, its keys, and the docker contexts that hold copies of them. */
import { shellJoin, TetherdockError } from "../../base/index.ts";
import type { Line } from "../../line/index.ts";
import { contextsOf, lostContext, removeContext } from "../lines/index.ts";
import type { DownPorts, LaptopPart } from "./ports.ts";

/** What will be deleted. Read before anything changes: an unreadable docker configuration is an error here. */
export async function laptopPart(ports: DownPorts, line: Line, hostStays: boolean): Promise<LaptopPart> {
  const contexts = await contextsOf(ports, line.id);
  const [lost, fleets] = [await lostContext(ports, contexts), await ports.fleetsWith(line.name)];
  return { line: line.name, contexts, lost, fleets, hostStays };
}

async function forget(ports: DownPorts, { line, contexts }: LaptopPart): Promise<void> {
  for (const name of contexts) ports.report(await removeContext(ports, name));
  await ports.lines.remove(line);
}

/**
 * Removes contexts first, because they contain copies of the line's key.
 * @param host what is known about the host, for the error if this fails
 */
export async function forgetLine(ports: DownPorts, part: LaptopPart, host: string | null): Promise<void> {
  try {
    await forget(ports, part);
  } catch (error) {
    if (host === null || !(error instanceof TetherdockError)) throw error;
    throw error.with({
      why: [`${host}, but this machine still has the line`],
      hints: [shellJoin(["tetherdock", "down", part.line, "--forget"])],
    });
  }
}

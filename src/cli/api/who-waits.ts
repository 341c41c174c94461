/** Machines that wait to join: nobody else tells the operator. */
import { shellJoin } from "../../base/index.ts";

/** @param names of clients whose key waits for approval @returns a line for each, with the command that approves it */
export function whoWaits(line: string, names: readonly string[]): string[] {
  return names.map((name) => {
    const approve = shellJoin(["tetherdock", "client", "approve", name, "--line", line]);
    return `${name} asks to join ${line}: ${approve}`;
  });
}

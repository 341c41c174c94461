/** Docker's data folder: whoever writes there is root on the host. Role files know only where it usually is. */
import type { Asking } from "../../asking.ts";
import { cleanPath, isWithin } from "../../body/model/host-binds.ts";
import { refusal } from "../../refusal.ts";
import type { RuleVerdict } from "../rule.ts";

/** @param sources clean paths of the host @returns why one of them cannot be bound; null: they and Docker's data are apart */
export async function refuseDataFolder(
  sources: readonly string[],
  { engine }: Asking,
): Promise<RuleVerdict | null> {
  if (sources.length === 0) return null;
  const data = cleanPath((await engine.dataFolder()) ?? "");
  if (data === null)
    return refusal("hostPathVolumes", "the engine does not say where its data folder is; use a volume");
  const shared = sources.find((source) => isWithin(source, data) || isWithin(data, source));
  return shared === undefined
    ? null
    : refusal(
        "hostPathVolumes",
        `${shared} shares files with Docker's data folder ${data}, which is root on the host; use a volume`,
      );
}

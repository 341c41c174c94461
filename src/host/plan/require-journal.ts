/** `down` goes by the journal. Where that was removed and the line was not, "nothing to undo" would be a lie. */
import { TetherdockError } from "../../base/index.ts";
import {
  CERTIFICATES,
  DOCKER_SERVICE,
  type HostFacts,
  JOURNAL,
  SERVER_KEY,
  SERVICE_DROP_IN,
} from "../../facts/index.ts";

/** What lies on the host and only `up` puts there. */
function remains({ ours }: HostFacts): string[] {
  return [...(ours.publicKey ? [SERVER_KEY] : []), ...ours.files.keys()];
}

/** For root, by hand. What was there before is not known any more; this leaves a docker on its local socket. */
function byHand({ daemonJson }: HostFacts): string[] {
  const named = daemonJson.file?.text.includes(`"${CERTIFICATES}/`)
    ? [`take what names ${CERTIFICATES} and its TCP port out of ${daemonJson.path} first   # on the host`]
    : [];
  const remove = `rm -rf ${CERTIFICATES} ${SERVICE_DROP_IN} && systemctl daemon-reload && systemctl restart ${DOCKER_SERVICE}`;
  return [...named, `${remove}   # on the host, as root`];
}

/**
 * @param lineName the line here that would be forgotten, if there is one
 * @throws JOURNAL_GONE where no journal says how the host was, and it is not as it was
 */
export function requireJournal(facts: HostFacts, lineName: string | undefined): void {
  const left = remains(facts);
  if (left.length === 0 || facts.transactions.some(({ state }) => state === "confirmed")) return;
  throw new TetherdockError("JOURNAL_GONE", "the host carries a line, and its journal is gone", {
    why: [
      `what was there before up stood in ${JOURNAL}; these are still there: ${left.join(", ")}`,
      "nothing was changed, on the host or here",
    ],
    hints: [...byHand(facts), ...(lineName ? [`then: tetherdock down ${lineName} --forget`] : [])],
  });
}

/**
 * A store that cannot be read: nobody knows what other operators have changed there. A change that is signed all the same could take
 * the place of theirs.
 */
import { shellJoin, TetherdockError } from "../../../base/index.ts";
import { isShared, type OperatedFleet } from "../../../fleet/index.ts";
import { requireStore } from "../open-fleet.ts";
import type { FleetPorts } from "../ports.ts";
import { requireOperator } from "./proposals.ts";

const whyOf = ({ message, why }: TetherdockError): string => why[0] ?? message;

const commandOf = ({ name }: OperatedFleet, ...words: readonly string[]): string =>
  shellJoin(["tetherdock", "fleet", ...words, "--fleet", name]);

/** What one operator alone changes takes nobody's place. */
function tellLater({ tell }: FleetPorts, fleet: OperatedFleet, unread: TetherdockError): void {
  const [status, push] = [commandOf(fleet, "status"), commandOf(fleet, "push")];
  tell(
    `the store cannot be read: ${whyOf(unread)}; hosts that no line reaches get the change once it is back: ${status} says whether it has it, and ${push} publishes it again`,
  );
}

/**
 * @param unread why it cannot be read
 * @throws FLEET_STORE_FAILED: there are other operators; FLEET_REFUSED: this machine is no operator's, or cannot use the fleet's store
 */
export function requireRead(ports: FleetPorts, fleet: OperatedFleet, unread: TetherdockError): void {
  requireOperator(fleet);
  requireStore(fleet);
  if (!isShared(fleet.kept.documents)) {
    tellLater(ports, fleet, unread);
    return;
  }
  throw new TetherdockError(
    "FLEET_STORE_FAILED",
    "the fleet's store cannot be read, so the list was not changed",
    {
      why: [
        whyOf(unread),
        "another operator may have changed the list there, and one of the changes would be lost",
      ],
      hints: [
        `${commandOf(fleet, "status")}   # whether the store is back; fleet revoke does not wait for it`,
        `${commandOf(fleet, "push", "--force")}   # only if the list of this machine is to count, whatever others have changed`,
        "tetherdock fleet store --help   # another store, if this one is gone for good",
      ],
      cause: unread,
    },
  );
}

/** A revocation waits for no store: hosts take what any list of the fleet's operators revokes. */
export function tellBlind({ tell }: FleetPorts, fleet: OperatedFleet, unread: TetherdockError): void {
  const others = isShared(fleet.kept.documents)
    ? ", which says what to do if another operator has changed the list meanwhile"
    : "";
  tell(
    `the store cannot be read: ${whyOf(unread)}; the change goes to the hosts that lines of this machine reach; once the store is back, run ${commandOf(fleet, "push")}${others}`,
  );
}

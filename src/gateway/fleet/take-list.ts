/** Puts a fleet's list in force, whoever brings it, and says what that has closed. */
import type { FleetDocuments } from "../../fleet/index.ts";
import type { ListInForce } from "../../identity/index.ts";
import type { Gateway } from "../gateway.ts";
import type { FleetInForce } from "./fleet-in-force.ts";

export interface FleetParts {
  readonly gateway: Gateway;
  readonly clients: ListInForce;
  readonly fleet: FleetInForce;
}

/** Which connections were closed. */
type Closed = Awaited<ReturnType<Gateway["cuts"]["during"]>>["receipt"];

export type TakenList =
  | { readonly refused: string }
  | { readonly receipt: Closed & { readonly tookMs: number } };

function noteList(gateway: Gateway, sender: string | null, what: string): void {
  if (sender === null) gateway.note("gateway", null, "fleet-list", what);
  else gateway.note("admin", sender, "fleet-list", what);
}

/** @param sender name of the client who sends the list; null: it comes from the store @throws FILE_FAILED */
export async function takeList(
  { gateway, clients, fleet }: FleetParts,
  documents: FleetDocuments,
  sender: string | null,
): Promise<TakenList> {
  const begun = gateway.clock();
  const { result, receipt } = await gateway.cuts.during(null, () =>
    fleet.accept(documents, () => clients.clients, sender),
  );
  if ("refused" in result) return result;
  const view = fleet.kept?.view;
  if (result.isNews && view) noteList(gateway, sender, `${view.list.name} ${view.version}`);
  return { receipt: { ...receipt, tookMs: Math.round(gateway.clock() - begun) } };
}

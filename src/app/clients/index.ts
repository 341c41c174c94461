export type { Receipt } from "../gateway-api/index.ts";
export { type Activity, type Refusal, withoutPort } from "./activity.ts";
export { type Again, addClient, type NewClient } from "./add-client.ts";
export { type ClientChange, changeClient } from "./change-client.ts";
export { type Invited, inviteClient, type NewInvitation } from "./invite-client.ts";
export { asOf, type ListedClient, listClients } from "./list-clients.ts";
export type { AddClientPorts, ClientsPorts, InvitePorts, Issued } from "./ports.ts";
export { type ShownClient, type ShownSpan, showClient } from "./show-client.ts";
export type { Counted, Touched } from "./tally.ts";

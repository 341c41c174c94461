export { addClient, type NewClient } from "./add-client.ts";
export { type ClientChange, changeClient } from "./change-client.ts";
export { asOf, type ListedClient, listClients } from "./list-clients.ts";
export type { AddClientPorts, ClientsPorts, Issued } from "./ports.ts";

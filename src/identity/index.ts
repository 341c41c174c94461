export { CLIENT_NAME, type Client, readClient } from "./client.ts";
export { type Admission, ClientList, type Refusal } from "./client-list.ts";
export { formatClients, parseClients } from "./clients-file.ts";
export { keptFrom, type ListTexts, listPaths, type TextWrite, writesFor } from "./list-texts.ts";
export { parseRevocations } from "./revocations-file.ts";
export type { ClientStore, KeptClients } from "./store.ts";

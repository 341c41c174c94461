import type { StoreAddress } from "../../../fleet/index.ts";

/** The file of a store behind a web server that hosts read. */
export const PUBLICATION = "fleet.json";
/** What operators tell each other. */
export const HOSTS = "hosts.json";
export const PROPOSAL = "proposal.json";

/** `https://web.example/acme` and `https://web.example/acme/` are the same folder. */
export function publicationUrl({ urls }: StoreAddress, file = PUBLICATION): string {
  const folder = urls[0] ?? "";
  return new URL(file, folder.endsWith("/") ? folder : `${folder}/`).href;
}

import type { StoreAddress } from "../../../fleet/index.ts";

/** The one file of a store behind a web server. */
export const PUBLICATION = "fleet.json";

/** `https://web.example/acme` and `https://web.example/acme/` are the same folder. */
export function publicationUrl({ urls }: StoreAddress): string {
  const folder = urls[0] ?? "";
  return new URL(PUBLICATION, folder.endsWith("/") ? folder : `${folder}/`).href;
}

/** Maps in a configuration whose members are not known. */
import type { json } from "../../../base/index.ts";

export type Section = Readonly<Record<string, unknown>>;

export const isSection = (value: unknown): value is Section =>
  typeof value === "object" && value !== null && !Array.isArray(value);

export const readSection: json.Read<Section> = (value, at, complain) =>
  isSection(value) ? value : void complain(at, "must be a map");

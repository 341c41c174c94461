/** The journal's part of the facts. */
import { json, visible } from "../base/index.ts";
import type { EntryFact, TransactionAbout, TransactionFact } from "./host-facts.ts";
import { findNamed, findSections, type Section } from "./sections.ts";

const MAX_TEXT = 128;
/** More ports than anybody configures dockerd to open. */
const MAX_PORTS = 16;

const isText = (value: unknown): value is string =>
  typeof value === "string" && value.length <= MAX_TEXT && visible(value) === value;
const isPort = (value: unknown): value is number =>
  Number.isInteger(value) && (value as number) > 0 && (value as number) < 65_536;

/** Checks each key strictly: the host's root wrote the value, and we print it and base decisions on it. */
const ABOUT: Readonly<Record<keyof TransactionAbout, (value: unknown) => boolean>> = {
  lineId: (value) => isText(value) && /^[0-9a-f]{16}$/.test(value),
  lineName: (value) => isText(value) && /^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/.test(value),
  port: isPort,
  exposedPorts: (value) => Array.isArray(value) && value.length <= MAX_PORTS && value.every(isPort),
  by: isText,
  at: isText,
  version: isText,
};

/** @returns null if we did not write it in this form; then no decision may rely on it. */
export function parseAbout(text: string): TransactionAbout | null {
  try {
    const about: unknown = json.parse(text);
    if (typeof about !== "object" || about === null) return null;
    const given = about as Record<string, unknown>;
    return Object.entries(ABOUT).every(([key, holds]) => Object.hasOwn(given, key) && holds(given[key]))
      ? (about as TransactionAbout)
      : null;
  } catch {
    return null;
  }
}

function parseEntries(text: string): EntryFact[] {
  return [...text.matchAll(/^(kept|absent|directory|spare|shared|tree) (\S+) (\S+) (\S.*)$/gm)].map(
    (match) => ({
      before: match[1] as EntryFact["before"],
      now: match[2] ?? "",
      after: match[3] ?? "",
      path: match[4] ?? "",
    }),
  );
}

/** @param sections of the facts script */
export function parseTransactions(sections: readonly Section[]): TransactionFact[] {
  return findNamed(sections, "transaction").map(
    ({ words: [, number = "", state = "", owner = "", restarted], text }) => ({
      number: Number(number),
      state: state as TransactionFact["state"],
      ownerAlive: owner === "alive",
      restarted: restarted === "restarted",
      about: parseAbout(text),
      entries: parseEntries(findSections(sections, "entries", number)[0]?.text ?? ""),
    }),
  );
}

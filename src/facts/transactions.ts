/** The journal's part of the facts. */
import type { EntryFact, TransactionAbout, TransactionFact } from "./host-facts.ts";
import type { Section } from "./sections.ts";

const ABOUT_TEXT_KEYS = ["lineId", "lineName", "by", "at", "version"] as const;

/** @returns null when it is not what we write: then nobody may act on it. */
export function parseAbout(text: string): TransactionAbout | null {
  try {
    const about = JSON.parse(text) as Record<string, unknown>;
    const whole = ABOUT_TEXT_KEYS.every((key) => typeof about[key] === "string");
    return whole && Number.isInteger(about["port"]) && Array.isArray(about["exposedPorts"])
      ? (about as unknown as TransactionAbout)
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

/** @param find sections by the first words of their heading */
export function parseTransactions(find: (...words: string[]) => Section[]): TransactionFact[] {
  return find("transaction").map(({ words: [, number = "", state = "", owner = "", restarted], text }) => ({
    number: Number(number),
    state: state as TransactionFact["state"],
    ownerAlive: owner === "alive",
    restarted: restarted === "restarted",
    about: parseAbout(text),
    entries: parseEntries(find("entries", number)[0]?.text ?? ""),
  }));
}

/** A sample of mutants that depends on the seed and on the code alone, so that a second run takes the same ones. */
import { createHash } from "node:crypto";
import { folderOf, type Outcome } from "./score.ts";

export type Candidate = Omit<Outcome, "status"> & { readonly id: string };

function rank(seed: string, { fileName, location, mutatorName, replacement }: Candidate): string {
  const place = fileName.replace(/^.*\/src\//, "src/");
  const text = JSON.stringify([seed, place, location.start, mutatorName, replacement]);
  return createHash("sha256").update(text).digest("hex");
}

/** @returns ids of at most `size` mutants of each folder */
export function chooseSample(mutants: readonly Candidate[], size: number, seed: string): ReadonlySet<string> {
  const byFolder = Map.groupBy(mutants, ({ fileName }) => folderOf(fileName));
  return new Set(
    [...byFolder.values()].flatMap((members) =>
      members
        .map((mutant) => ({ id: mutant.id, rank: rank(seed, mutant) }))
        .toSorted((a, b) => (a.rank < b.rank ? -1 : 1))
        .slice(0, size)
        .map(({ id }) => id),
    ),
  );
}

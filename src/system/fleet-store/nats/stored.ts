/** What JetStream answers to a message that it is to keep. */
import { json } from "../../../base/index.ts";

const readAnswer = json.openObject<{ seq: number | null; error: { description: string } | null }>({
  seq: { read: json.orNull(json.number), optional: { value: null } },
  error: {
    read: json.orNull(json.openObject({ description: { read: json.words() } })),
    optional: { value: null },
  },
});

/** @throws Error: the answer does not confirm it */
export function requireStored(answer: string): void {
  const read = json.read(answer, readAnswer);
  if ("problems" in read) throw new Error(`its answer cannot be read: ${read.problems.join("; ")}`);
  if (read.value.error !== null) throw new Error(read.value.error.description);
  if (read.value.seq === null) throw new Error("it does not confirm the message");
}

import { type Message, type Model, read, write } from "../wire.ts";

/** @returns null: it is not exactly as Go writes it, fields in the order of their numbers, each once, numbers as short as possible */
export function exactly(encoded: Uint8Array, model: Model): Message | null {
  try {
    const found = read(encoded, model, "message");
    return Buffer.from(write(found, model)).equals(encoded) ? found : null;
  } catch {
    return null;
  }
}

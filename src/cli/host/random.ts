/** The random numbers of this machine. */
import { randomBytes, randomUUID } from "node:crypto";
import type { RandomPort } from "../../app/host/index.ts";

export const random: RandomPort = {
  uuid: () => randomUUID(),
  hex: (bytes) => randomBytes(bytes).toString("hex"),
};

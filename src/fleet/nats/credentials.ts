/** What a host reads in its own credentials: a user's token of NATS, which its operator has signed, and a seed. */
import { json } from "../../base/index.ts";
import { askSubject } from "./names.ts";

const readToken = json.openObject({
  nats: {
    read: json.openObject({
      sub: { read: json.openObject({ allow: { read: json.list(json.words(), 10) } }) },
    }),
  },
});

/** @returns where this host is asked; null: its credentials do not say, and it is not asked */
export function askedAt(credentials: string, fleet: string, host: string): string | null {
  const [, payload = ""] = /^[\w-]{1,4096}\.([\w-]{1,8192})\.[\w-]{1,4096}$/m.exec(credentials) ?? [];
  const read = json.read(Buffer.from(payload, "base64url").toString("utf8"), readToken);
  if ("problems" in read) return null;
  const start = askSubject(fleet, host, "");
  return read.value.nats.sub.allow.find((subject) => subject.startsWith(start)) ?? null;
}

import { TetherdockError } from "../../base/index.ts";

/** @param text `sha256:` and 64 hex digits @throws USAGE */
export function parsePin(text: string): string {
  const [, pin] = /^sha256:([0-9a-f]{64})$/.exec(text) ?? [];
  if (pin !== undefined) return pin;
  throw new TetherdockError("USAGE", `cannot read the pin "${text}"`, {
    why: ["it is sha256: and 64 hex digits, as tetherdock client add --oidc prints it"],
  });
}

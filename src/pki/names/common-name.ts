/** The part of a certificate that is only for people. Neither tetherdock nor Docker bases a decision on it. */
import { TetherdockError } from "../../base/index.ts";

/** ub-common-name, RFC 5280 appendix A.1: OpenSSL refuses longer ones. */
const MAX_CHARACTERS = 64;

/** With control and bidi characters a name could look like another one in a terminal. */
const INVISIBLE = /[\p{C}\p{Zl}\p{Zp}]/u;

/**
 * @param text such as `user@laptop`; a long one is cut, because users cannot shorten a cloud machine's host name
 * @returns 1 to 64 characters
 * @throws SUBJECT_INVALID when it is blank or has invisible characters
 */
export function commonName(text: string): string {
  const characters = [...text.trim()];
  if (characters.length === 0 || INVISIBLE.test(text)) {
    throw new TetherdockError("SUBJECT_INVALID", `${JSON.stringify(text)} cannot be a certificate's name`, {
      why: [characters.length === 0 ? "it is blank" : "it contains invisible characters"],
      hints: ["give a short plain name, such as anna@laptop"],
    });
  }
  if (characters.length <= MAX_CHARACTERS) return characters.join("");
  return `${characters.slice(0, MAX_CHARACTERS - 1).join("")}…`;
}

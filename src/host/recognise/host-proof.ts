/** The proof that only a line's host can give: a signature of our nonce with the server key that this laptop signed. */
import { shellQuote } from "../../base/index.ts";
import { SERVER_KEY } from "../../facts/index.ts";
import { isSignedBy, type SignedText } from "../../pki/index.ts";

/** An armoured signature has less than 600 characters. */
const MAX_OUTPUT = 4096;

/** What the host is asked to sign. */
export interface Challenge {
  /** So that a proof for one line does not work for another. */
  readonly lineId: string;
  /** New for each proof, hex. */
  readonly nonce: string;
}

const NAMESPACE = "tetherdock-host-proof-v1";

// A TLS 1.2 server first signs 32 bytes from the client and 32 of its own: because of a fixed first line of more
// than 64 bytes, no TLS signature can ever be a proof.
const FIRST_LINE =
  "tetherdock: with this signature a host proves that it holds the server key of a line (v1)";

function signedText({ lineId, nonce }: Challenge): SignedText {
  return { text: `${FIRST_LINE}\nline ${lineId}\nnonce ${nonce}\n`, namespace: NAMESPACE };
}

/**
 * Signs with the host's openssl or ssh-keygen; exits with 1 if it has no key. Leaves no files: ssh-keygen wants the
 * public key beside the private one, so it gets a link to it in a separate folder. dash runs an EXIT trap only when the
 * script exits, not when a signal ends it, so signals are turned into an exit.
 */
export function proofScript(challenge: Challenge): string {
  const { text, namespace } = signedText(challenge);
  return `PATH=$PATH:/usr/sbin:/sbin; export PATH; unset SSH_AUTH_SOCK; umask 077; key=${SERVER_KEY}
[ -f "$key" ] || exit 1
text() { printf '%s' ${shellQuote(text)}; }
if command -v openssl >/dev/null; then
  signature=$(text | openssl dgst -sha256 -sign "$key" | openssl base64 -A)
  [ -z "$signature" ] || { echo "ecdsa $signature"; exit 0; }
fi
folder=$(mktemp -d /run/tetherdock-proof.XXXXXX) || exit 1
trap 'rm -rf "$folder"' EXIT
trap 'exit 1' HUP INT PIPE TERM
ln -s "$key" "$folder/key" && ssh-keygen -y -f "$key" >"$folder/key.pub" || exit 1
text | ssh-keygen -q -Y sign -n ${namespace} -f "$folder/key"`;
}

/** @param publicKey SubjectPublicKeyInfo, PEM; the caller knows whose it is */
export function isProof(publicKey: string, output: string, challenge: Challenge): boolean {
  return isSignedBy(publicKey, output.slice(0, MAX_OUTPUT), signedText(challenge));
}

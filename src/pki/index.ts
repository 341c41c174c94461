export {
  authorityKeys,
  type CaBundle,
  crossCertify,
  followBundle,
  formatBundle,
  offeredKey,
  readBundle,
} from "./ca-bundle.ts";
export {
  type ClientOptions,
  issueClient,
  issueExpiredClient,
  issueServer,
  type ServerOptions,
  selfSignedClient,
} from "./issue.ts";
export { type KeyPair, makeKeyPair } from "./keys/key-pair.ts";
export { lockKey, unlockKey } from "./keys/lock-key.ts";
export { covers, isClientCertificateFor, isIssuedBy, sameKey } from "./keys/match.ts";
export { keyFingerprint, publicKeyOf } from "./keys/public-half.ts";
export { spkiFingerprint } from "./keys/spki-fingerprint.ts";
export { isSignedBy, publicKeyFingerprint, type SignedText } from "./keys/verify-signature.ts";
export { AUTHORITY_LIFETIME_MS, BACKDATE_MS, LEAF_LIFETIME_MS, RENEWAL_WINDOW_MS } from "./lifetimes.ts";
export { type AuthorityOptions, makeAuthority, type StoredAuthority } from "./make-authority.ts";
export { normaliseNames, parseName, type San } from "./names/parse-name.ts";
export { type Authority, isLocked, openAuthority } from "./open-authority.ts";
export { formatPkcs12, type Identity } from "./pkcs12/pkcs12.ts";
export {
  type CertificateFacts,
  canonicalPem,
  certificateBlocks,
  readCertificate,
  validityOf,
} from "./read-certificate.ts";
export { authorityDue, isRenewalOf, renewAuthority } from "./renew-authority.ts";
export { daysLeft, dueForRenewal, endsWithCa } from "./renewal.ts";
export { makeSigningRequest, readSigningRequest } from "./signing-request.ts";

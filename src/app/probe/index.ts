export { type LineCallers, lineCallers } from "./line-callers.ts";
export { untrustedCertificate, wrongCertificates } from "./wrong-certificates.ts";

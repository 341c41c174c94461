export { type LineCallers, lineCallers } from "./line-callers.ts";
export { anyClientOf, untrustedCertificate, wrongCertificates } from "./wrong-certificates.ts";

/** The checks that rest on the look from outside, and on what this machine has of the line. */
import type { Check } from "../../check.ts";
import { caExpires } from "./ca-expires.ts";
import { clientCertificateExpires } from "./client-certificate-expires.ts";
import { clientKeyMode } from "./client-key-mode.ts";
import { clientWaits } from "./client-waits.ts";
import { expiredAdmitted } from "./expired-admitted.ts";
import { hostNotSeen } from "./host-not-seen.ts";
import { lineDoesNotAnswer } from "./line-does-not-answer.ts";
import { lineUnreachable } from "./line-unreachable.ts";
import { lookCutShort } from "./look-cut-short.ts";
import { noClientAuth } from "./no-client-auth.ts";
import { notDocker } from "./not-docker.ts";
import { proxyInFront } from "./proxy-in-front.ts";
import { serverCertificateExpired } from "./server-certificate-expired.ts";
import { serverCertificateExpiresSoon } from "./server-certificate-expires-soon.ts";
import { serverCertificateName } from "./server-certificate-name.ts";
import { serverCertificateNotYetValid } from "./server-certificate-not-yet-valid.ts";
import { serverCertificateOtherCa } from "./server-certificate-other-ca.ts";
import { serverCertificateUsage } from "./server-certificate-usage.ts";
import { serverUsageAdmitted } from "./server-usage-admitted.ts";
import { silentEndpoint } from "./silent-endpoint.ts";
import { unlistedAdmitted } from "./unlisted-admitted.ts";
import { untrustedAdmitted } from "./untrusted-admitted.ts";
import { weakTls } from "./weak-tls.ts";

/** In the order in which they are told, within one severity. */
export const outsideChecks: readonly Check[] = [
  noClientAuth,
  untrustedAdmitted,
  expiredAdmitted,
  unlistedAdmitted,
  serverUsageAdmitted,
  weakTls,
  clientKeyMode,
  serverCertificateExpired,
  serverCertificateExpiresSoon,
  serverCertificateNotYetValid,
  serverCertificateName,
  serverCertificateUsage,
  serverCertificateOtherCa,
  lineDoesNotAnswer,
  lineUnreachable,
  clientCertificateExpires,
  caExpires,
  clientWaits,
  silentEndpoint,
  notDocker,
  proxyInFront,
  hostNotSeen,
  lookCutShort,
];

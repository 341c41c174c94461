/** Joining by invitation, renewing, and the exchange of jobs' tokens, with their files beside the client list. */
import {
  Enrolment,
  type Gateway,
  type GatewayConfig,
  IssuerKeys,
  JobExchange,
  Renewals,
} from "../../../gateway/index.ts";
import type { ListInForce } from "../../../identity/index.ts";
import { offeredKey } from "../../../pki/index.ts";
import { fetchDocument } from "./fetch-document.ts";
import { invitationFile } from "./invitation-file.ts";
import { createIssuer, type IssuerParts, issuingCaPath } from "./issuing-ca.ts";
import { jobFile } from "./job-file.ts";
import { renewalFiles } from "./renewal-files.ts";

export interface EnrolmentNeeds extends Pick<IssuerParts, "lineCa" | "lineCas" | "onMade" | "mayIssue"> {
  readonly gateway: Gateway;
  readonly clients: ListInForce;
  readonly config: GatewayConfig;
}

export interface Enrolling {
  readonly enrolment: Enrolment;
  readonly renewals: Renewals;
  readonly exchange: JobExchange;
}

export function makeEnrolment({ gateway, clients, config, ...needs }: EnrolmentNeeds): Enrolling {
  const { lineCas } = needs;
  const offeredCa = () => offeredKey(lineCas());
  const issuer = createIssuer({ path: issuingCaPath(config.clients), clock: gateway.clock, ...needs });
  const parts = { clients, issuer, gateway };
  const keys = new IssuerKeys(fetchDocument, gateway.clock);
  return {
    enrolment: new Enrolment({ store: invitationFile(config.clients), ...parts }),
    exchange: new JobExchange({ store: jobFile(config.clients), keys, ...parts }),
    renewals: new Renewals({ store: renewalFiles(config.clients), lineCas, offeredCa, ...parts }),
  };
}

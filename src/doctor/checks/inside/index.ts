/** The checks that rest on the look from inside. */
import type { Check } from "../../check.ts";
import { apiPortHeldByOther } from "./api-port-held-by-other.ts";
import { clockOff } from "./clock-off.ts";
import { containerMountsSocket } from "./container-mounts-socket.ts";
import { daemonJsonBroken } from "./daemon-json-broken.ts";
import { daemonOlderThanUnit } from "./daemon-older-than-unit.ts";
import { diskFull } from "./disk-full.ts";
import { dockerGroupMembers } from "./docker-group-members.ts";
import { dockerNotEnabled } from "./docker-not-enabled.ts";
import { dockerNotRunning } from "./docker-not-running.ts";
import { dockerOptsWithoutEffect } from "./docker-opts-without-effect.ts";
import { dockerSocketMode } from "./docker-socket-mode.ts";
import { engineAdvisories } from "./engine-advisories.ts";
import { engineKnownHoles } from "./engine-known-holes.ts";
import { fleetListBehind } from "./fleet-list-behind.ts";
import { fleetListEnds } from "./fleet-list-ends.ts";
import { fleetProcessNotRunning } from "./fleet-process-not-running.ts";
import { fleetReceiptsRefused } from "./fleet-receipts-refused.ts";
import { fleetStoreNotReached } from "./fleet-store-not-reached.ts";
import { gatewayNotRunning } from "./gateway-not-running.ts";
import { keyMode } from "./key-mode.ts";
import { listeningNotReachable } from "./listening-not-reachable.ts";
import { listeningOnLoopbackOnly } from "./listening-on-loopback-only.ts";
import { liveRestoreOff } from "./live-restore-off.ts";
import { manyClientAuthorities } from "./many-client-authorities.ts";
import { servedCertificateNotOnDisk } from "./served-certificate-not-on-disk.ts";
import { settingsInTwoPlaces } from "./settings-in-two-places.ts";
import { socketPublished } from "./socket-published.ts";
import { startFilesWritable } from "./start-files-writable.ts";
import { tcpBySystemd } from "./tcp-by-systemd.ts";
import { tlsFlagsNotApplied } from "./tls-flags-not-applied.ts";
import { unconfirmedChange } from "./unconfirmed-change.ts";
import { userFileUnreadable } from "./user-file-unreadable.ts";

/** In the order in which they are told, within one severity. */
export const insideChecks: readonly Check[] = [
  tlsFlagsNotApplied,
  socketPublished,
  apiPortHeldByOther,
  tcpBySystemd,
  containerMountsSocket,
  dockerSocketMode,
  startFilesWritable,
  keyMode,
  engineKnownHoles,
  engineAdvisories,
  manyClientAuthorities,
  settingsInTwoPlaces,
  daemonJsonBroken,
  dockerNotRunning,
  userFileUnreadable,
  dockerNotEnabled,
  gatewayNotRunning,
  fleetProcessNotRunning,
  fleetListBehind,
  fleetStoreNotReached,
  fleetReceiptsRefused,
  fleetListEnds,
  daemonOlderThanUnit,
  servedCertificateNotOnDisk,
  dockerOptsWithoutEffect,
  listeningNotReachable,
  listeningOnLoopbackOnly,
  unconfirmedChange,
  clockOff,
  diskFull,
  dockerGroupMembers,
  liveRestoreOff,
];

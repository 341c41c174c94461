/**
 * Vulnerabilities of the engine and of runc by which clients who must not could become root, reach other clients, or stop the
 * engine. The facts are those of the sources; where the record of a CVE knows less than the engine's repository, a comment
 * says so.
 */

/** When advisories were last looked up. What was found and left out, and which sources there were, is in docs/adr/0025. */
export const LOOKED_UP_ON = "2026-11-28";

export interface Advisory {
  readonly id: string;
  readonly component: "engine" | "runc";
  /** What an attacker can do: a sentence without a capital and a full stop. */
  readonly summary: string;
  /** The first release that has it; absent: all. */
  readonly since?: string;
  /** The first release of each branch that has the fix, ascending; the last one holds for all later branches. None: unknown. */
  readonly fixed: readonly string[];
  /** Operations that are refused to restricted roles on an affected engine. */
  readonly operations: readonly string[];
  /** Matters only where authorization plugins restrict clients. Ours restrict them before the engine. */
  readonly plugins?: true;
  readonly source: string;
}

const MOBY = "https://github.com/moby/moby/security/advisories/";
const BUILDKIT = "https://github.com/moby/buildkit/security/advisories/";
const RUNC = "https://github.com/opencontainers/runc/security/advisories/";

const COPIES = ["ContainerArchive", "ContainerArchiveInfo", "PutContainerArchive"];

export const ADVISORIES: readonly Advisory[] = [
  {
    id: "CVE-2026-41567",
    component: "engine",
    summary:
      "a compressed archive that is copied into a container is unpacked by the container's own program, as root on the host",
    // 25.0.17: the fix is on its branch (f930df5), which the record does not say
    fixed: ["25.0.17", "29.5.1"],
    operations: ["PutContainerArchive"],
    source: `${MOBY}GHSA-x86f-5xw2-fm2r`,
  },
  {
    id: "CVE-2026-41568",
    component: "engine",
    summary: "a container can create empty files anywhere on the host while files are copied from or to it",
    fixed: ["25.0.17", "29.5.1"], // 7a7dc01
    operations: COPIES,
    source: `${MOBY}GHSA-vp62-88p7-qqf5`,
  },
  {
    id: "CVE-2026-42306",
    component: "engine",
    summary: "a container can have a host path mounted over while files are copied from or to it",
    fixed: ["25.0.17", "29.5.1"], // d61e55a
    operations: COPIES,
    source: `${MOBY}GHSA-rg2x-37c3-w2rh`,
  },
  {
    id: "CVE-2026-17106",
    component: "engine",
    summary: "links in an archive can lead its extraction out of the target directory",
    fixed: ["29.7.0"],
    operations: ["PutContainerArchive"],
    source: "https://github.com/moby/go-archive/security/advisories/GHSA-hfg8-hc9c-6c3h",
  },
  {
    id: "GHSA-g2h8-426c-7976",
    component: "engine",
    // the gateway refuses such files, and also what is not fixed by it (ADR 0023)
    summary: "whoever builds can have files written and removed outside of Docker's folder for an upload",
    fixed: ["29.6.2"],
    operations: [],
    source: `${BUILDKIT}GHSA-g2h8-426c-7976`,
  },
  {
    id: "GHSA-w26x-xg27-7qjc",
    component: "engine",
    // the gateway refuses them, but not security.selinux (ADR 0023); fixed in BuildKit 0.34.2
    summary:
      "whoever builds can give files of the host other extended attributes; of a gateway's clients only SELinux's",
    fixed: [],
    operations: [],
    source: `${BUILDKIT}GHSA-w26x-xg27-7qjc`,
  },
  {
    id: "CVE-2026-93318",
    component: "engine",
    summary:
      "an image that somebody builds on can pass for another image, on which other clients then build with its files",
    fixed: ["29.8.2"],
    operations: [],
    source: `${BUILDKIT}GHSA-f2v9-hprr-32q3`,
  },
  {
    id: "CVE-2026-93320",
    component: "engine",
    // by a Dockerfile only through /etc/passwd and /etc/group of COPY --chown; what writes to devices needs LLB
    summary: "a build can make the engine open a device of the host, or wait for a pipe",
    fixed: ["29.8.2"],
    operations: [],
    source: `${BUILDKIT}GHSA-9728-qjrv-2xh2`,
  },
  {
    id: "CVE-2026-93323",
    component: "engine",
    summary: "a large Dockerfile or .dockerignore fills the engine's memory",
    fixed: ["29.8.2"],
    operations: [],
    source: `${BUILDKIT}GHSA-mgqf-486f-49vp`,
  },
  {
    id: "CVE-2026-53493",
    component: "engine",
    summary: "an image can take the engine's processor time and memory while it is pulled",
    fixed: ["29.8.2"],
    operations: [],
    source: "https://github.com/containerd/containerd/security/advisories/GHSA-pg57-6jwg-q645",
  },
  {
    id: "CVE-2026-61801",
    component: "engine",
    summary: "an image's /etc/passwd or /etc/group can fill the engine's memory",
    fixed: ["29.6.1"],
    operations: [],
    source: "https://github.com/advisories/GHSA-mjcv-p78q-w5fw",
  },
  {
    id: "CVE-2021-41089",
    component: "engine",
    summary: "files of the host can get other permissions while files are copied into a container",
    fixed: ["20.10.9"],
    operations: ["PutContainerArchive"],
    source: `${MOBY}GHSA-v994-f8vw-g7j4`,
  },
  {
    id: "CVE-2024-41110",
    component: "engine",
    summary: "with Content-Length 0 an authorization plugin sees no body and lets the request through",
    // mended in 18.09.1, lost again in 19.03; 19.03, 20.10 and 24.0 have the fix on their branches, unreleased
    since: "19.3.0",
    fixed: ["23.0.15", "25.0.6", "26.0.3", "26.1.5", "27.1.1"],
    operations: [],
    plugins: true,
    source: `${MOBY}GHSA-v23v-6jw2-98fq`,
  },
  {
    id: "CVE-2026-34040",
    component: "engine",
    summary: "an authorization plugin does not see a body over its size limit, and the request goes through",
    fixed: ["29.3.1"],
    operations: [],
    plugins: true,
    source: `${MOBY}GHSA-x744-4wpc-v9h2`,
  },
  {
    id: "CVE-2025-54388",
    component: "engine",
    summary: "after a reload of firewalld, other hosts reach ports that are published on 127.0.0.1 only",
    since: "28.2.0",
    fixed: ["28.3.3"],
    operations: [],
    source: `${MOBY}GHSA-x4rx-4gw3-53p4`,
  },
  {
    id: "CVE-2025-54410",
    component: "engine",
    summary: "after a reload of firewalld, containers reach those of other bridge networks",
    fixed: ["25.0.13", "28.0.0"],
    operations: [],
    source: `${MOBY}GHSA-4vq8-7jfc-9cvp`,
  },
  {
    id: "CVE-2025-31133",
    component: "runc",
    summary:
      "a container that shares a mount with another can write to the host's /proc by replacing /dev/null",
    fixed: ["1.2.8", "1.3.3", "1.4.0-rc.3"],
    operations: [],
    source: `${RUNC}GHSA-9493-h29p-rfm2`,
  },
  {
    id: "CVE-2025-52565",
    component: "runc",
    summary:
      "a container that shares a mount with another can write to the host's /proc by replacing /dev/console",
    fixed: ["1.2.8", "1.3.3", "1.4.0-rc.3"],
    operations: [],
    source: `${RUNC}GHSA-qw9x-cqr3-wc7r`,
  },
  {
    id: "CVE-2025-52881",
    component: "runc",
    summary: "a container that shares a mount with another can redirect what runc writes to /proc",
    fixed: ["1.2.8", "1.3.3", "1.4.0-rc.3"],
    operations: [],
    source: `${RUNC}GHSA-cgrx-mc8f-2prm`,
  },
  {
    id: "CVE-2026-41579",
    component: "runc",
    // not in Docker's containers, which have a folder /dev of their own; steps of builds have none
    summary:
      "a build on an image whose /dev is a link makes runc create a few links in any folder of the host",
    fixed: ["1.3.6", "1.4.3", "1.5.0-rc.3"],
    operations: [],
    source: `${RUNC}GHSA-xjvp-4fhw-gc47`,
  },
  {
    id: "CVE-2024-21626",
    component: "runc",
    summary: "an image, or a working directory below /proc/self/fd, gives a container the host's files",
    since: "1.0.0-rc.93",
    fixed: ["1.1.12"],
    operations: [],
    source: `${RUNC}GHSA-xr7r-f8xq-vfvv`,
  },
];

/** ssh:// hosts: the docker CLI's words about ssh, and ssh's own. */
import type { Message } from "../entry.ts";
import { remoteDockerMissing, sshDenied, sshFailed, sshHostKey, sshUnreached } from "../topics/ssh.ts";

const DIAL = "docker/cli cli/connhelper/commandconn/commandconn.go";

export const ssh: readonly Message[] = [
  {
    id: "ssh-dial-stdio",
    says: "the docker CLI, about the ssh it runs",
    patterns: [
      /command \[ssh [^\]\n]{1,400} docker system dial-stdio\] has exited with (?<status>[^,\n]{1,60})/,
    ],
    source: DIAL,
    example:
      'error during connect: Get "http://docker.example.com/v1.50/containers/json": command [ssh -o ConnectTimeout=30 -T -- vps docker system dial-stdio] has exited with exit status 255, make sure the URL is valid, and Docker 18.09 or later is installed on the remote host: stderr=',
    meaning: "ssh, or the docker CLI on the other side, ended before the engine answered.",
    topic: sshFailed,
    decode: ({ status }) => [
      status === "exit status 255"
        ? "exit status 255 is ssh's own: it did not get in"
        : `${status}: of the command on the host`,
    ],
  },
  {
    id: "ssh-no-docker",
    says: "the shell on the host, over ssh",
    patterns: [
      /stderr=[^\n]{0,120}docker: (?:command )?not found/,
      /docker: 'system dial-stdio' is not a docker command/,
      /unknown command "dial-stdio"/,
    ],
    source: DIAL,
    example:
      "command [ssh -l me -- vps docker system dial-stdio] has exited with exit status 127, please make sure the URL is valid, and Docker 18.09 or later is installed on the remote host: stderr=bash: docker: command not found",
    meaning: "ssh connected, but the host has no docker CLI to forward the connection.",
    topic: remoteDockerMissing,
  },
  {
    id: "ssh-denied",
    says: "ssh",
    patterns: [
      /(?<![\w.@:-])(?<destination>[A-Za-z0-9_][\w.@:-]{0,252}): Permission denied \((?:publickey|password|keyboard-interactive|gssapi|hostbased)[a-z,-]{0,80}\)/,
    ],
    source: "openssh/openssh-portable sshconnect2.c",
    example: "me@vps.example: Permission denied (publickey).",
    meaning: "The host accepted none of the offered keys.",
    topic: sshDenied,
  },
  {
    id: "ssh-host-key",
    says: "ssh",
    patterns: [/WARNING: REMOTE HOST IDENTIFICATION HAS CHANGED!/, /Host key verification failed\./],
    source: "openssh/openssh-portable sshconnect.c and sshconnect2.c",
    example: "Host key verification failed.",
    meaning: "The host's key is unknown or has changed.",
    topic: sshHostKey,
  },
  {
    id: "ssh-unreached",
    says: "ssh",
    patterns: [
      /ssh: connect to host (?<destination>[A-Za-z0-9:][\w.:%-]{0,252}) port [0-9]{1,5}: [^\n]{3,60}/,
      /ssh: Could not resolve hostname (?<destination>[A-Za-z0-9][\w.-]{0,252}): [^\n]{3,80}/,
    ],
    source: "openssh/openssh-portable sshconnect.c and ssh.c",
    example: "ssh: connect to host vps.example port 22: Connection timed out",
    meaning: "ssh could not connect to the host.",
    topic: sshUnreached,
  },
];
